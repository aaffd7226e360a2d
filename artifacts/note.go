package artifacts

import (
	"fmt"
	"strconv"
	"strings"
)

// A Note is what an execution counted, or warned of. Its text is "count accepted 16" or
// "warning …": that is how records and journals keep it.
type Note struct {
	Count   string // the name of what was counted; empty in a warning
	N       int    // how many
	Warning string
}

// The words that begin the text of a note.
const (
	countWord   = "count "
	warningWord = "warning "
)

// String returns the text of the note.
func (n Note) String() string {
	if n.Count == "" {
		return warningWord + n.Warning
	}
	return fmt.Sprintf("%s%s %d", countWord, n.Count, n.N)
}

// ParseNote reads the text of a note. A text that is no count is a warning, so that no
// note of another version is lost.
func ParseNote(text string) Note {
	if rest, ok := strings.CutPrefix(text, countWord); ok {
		at := strings.LastIndexByte(rest, ' ')
		if n, err := strconv.Atoi(rest[at+1:]); at > 0 && err == nil {
			return Note{Count: rest[:at], N: n}
		}
	}
	return Note{Warning: strings.TrimPrefix(text, warningWord)}
}

// MarshalText is for JSON.
func (n Note) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText is for JSON.
func (n *Note) UnmarshalText(text []byte) error {
	*n = ParseNote(string(text))
	return nil
}
