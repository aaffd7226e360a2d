package artifacts

import (
	"os"
	"time"
)

// usedAnew is how old the time of a record or memo must be before a use sets
// it again: a run that finds everything writes nothing most of the time.
const usedAnew = 24 * time.Hour

// touch remembers that a record or memo was used now, by its modification
// time, to the day. That is how gc tells what nobody asks for any more.
func (s *Store) touch(path string) {
	st, err := os.Stat(path)
	if err != nil || time.Since(st.ModTime()) < usedAnew {
		return
	}
	now := time.Now()
	os.Chtimes(path, now, now) // in a store that cannot be written to, nothing is collected either
}
