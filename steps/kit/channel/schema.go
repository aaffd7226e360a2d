package channel

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// A Schema says what the columns of features, or the rows of tensors, mean beside
// their names.
type Schema struct {
	Window float64 // seconds that a row or a tensor is of; 0 is the whole episode
	Hz     float64 // points a second of a tensor; 0 is statistics
	Cures  Cures

	// Context is the seconds between windows, if the columns have causal context; else it is 0. A
	// change since the window before depends on how long ago that was.
	Context float64
}

// Hash names the schema: the SHA-256, in hex, over the channels in order with
// their source, kind and path, over what is made of them, and over the cures in
// effect. A model keeps it and refuses columns of another hash. Where windows lie
// does not enter, except with context: it decides which rows there are and not what they mean.
func (s Schema) Hash() string {
	h := sha256.New()
	for _, c := range channels {
		fmt.Fprintf(h, "channel %s %s %d %s\n", c.Name, c.Source.Entry(), c.Kind, c.Path)
	}
	if s.Hz == 0 {
		for _, name := range stats {
			fmt.Fprintf(h, "statistic %s\n", name)
		}
	} else {
		fmt.Fprintf(h, "grid %v\n", s.Hz)
	}
	fmt.Fprintf(h, "window %v\n", s.Window)
	for _, name := range s.Cures.names() {
		fmt.Fprintf(h, "cure %s\n", name)
	}
	if s.Context != 0 {
		for _, name := range contexts {
			fmt.Fprintf(h, "context %s\n", name)
		}
		fmt.Fprintf(h, "stride %v\n", s.Context)
	}
	return hex.EncodeToString(h.Sum(nil))
}
