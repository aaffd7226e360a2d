package profile

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"assay/steps/kit/table"
)

// Order puts the episodes of a profile into the order in which they are taken: by the
// SHA-256 of the seed, the profile and the episode's name. So an episode more or less
// in the store changes no other's turn.
func Order(seed uint64, profile string, keys []table.Key) []table.Key {
	type turn struct {
		sum [sha256.Size]byte
		key table.Key
	}
	turns := make([]turn, len(keys))
	for i, k := range keys {
		turns[i] = turn{sha256.Sum256(fmt.Appendf(nil, "%d\n%q\n%q\n%q\n", seed, profile, k.Host, k.Episode)), k}
	}
	slices.SortFunc(turns, func(a, b turn) int { return bytes.Compare(a.sum[:], b.sum[:]) })
	out := make([]table.Key, len(keys))
	for i, t := range turns {
		out[i] = t.key
	}
	return out
}
