package table

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"
)

// A Key names an episode: its folder and its file name in the store.
type Key struct {
	Host    string `parquet:"host_id"`
	Episode string `parquet:"episode_id"`
}

// Compare orders keys by host, then episode.
func (k Key) Compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Host, o.Host), cmp.Compare(k.Episode, o.Episode))
}

// checkKey refuses names that no table could hold.
func checkKey(k Key) error {
	for _, s := range [...]string{k.Host, k.Episode} {
		if s == "" {
			return fmt.Errorf("episode %q of host %q: a name is empty", k.Episode, k.Host)
		}
		if !utf8.ValidString(s) {
			return fmt.Errorf("episode %q of host %q: the name is not UTF-8; rename the file", k.Episode, k.Host)
		}
	}
	return nil
}

// key returns the key of a row that embeds it.
func (k Key) key() Key { return k }

// A keyed row embeds its [Key].
type keyed interface{ key() Key }

// Find returns where the row of a key is in rows that are in key order, or would be, and
// whether there is one.
func Find[T keyed](rows []T, k Key) (int, bool) {
	return slices.BinarySearchFunc(rows, k, func(r T, k Key) int { return r.key().Compare(k) })
}

// sortByKey puts rows in key order. It refuses bad names and keys that occur twice.
func sortByKey[T keyed](rows []T) error {
	slices.SortFunc(rows, func(a, b T) int { return a.key().Compare(b.key()) })
	for i := range rows {
		k := rows[i].key()
		if err := checkKey(k); err != nil {
			return err
		}
		if i > 0 && k == rows[i-1].key() {
			return fmt.Errorf("episode %s of host %s is there twice", k.Episode, k.Host)
		}
	}
	return nil
}
