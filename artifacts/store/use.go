package store

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// usedAnew is how old the time of a record or memo must be before a use sets
// it again: a run that finds everything writes nothing most of the time.
const usedAnew = 24 * time.Hour

// touch remembers that a record or memo was used now, by its modification
// time, to the day. That is how gc tells what nobody asks for any more. The time of
// another user's file cannot be set: a copy takes its place.
func (s *Store) touch(path string) {
	st, err := os.Stat(path)
	if err != nil || time.Since(st.ModTime()) < usedAnew {
		return
	}
	now := time.Now()
	if err := os.Chtimes(path, now, now); !errors.Is(err, fs.ErrPermission) {
		return // set, or in a store that cannot be written to, where nothing is collected either
	}
	if text, err := os.ReadFile(path); err == nil {
		s.WriteFile(path, text)
	}
}
