package store

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// UseInterval is how old the time of a file must be before a use sets it again: a
// run that finds everything writes nothing most of the time.
const UseInterval = 24 * time.Hour

// MarkUsed remembers that a file of the store that is no blob, such as a record, was
// used now, by its modification time, to the day. That is how gc tells what nobody
// asks for any more. The time of another user's file cannot be set: a copy takes its
// place.
func (s *Store) MarkUsed(path string) {
	st, err := os.Stat(path)
	if err != nil || time.Since(st.ModTime()) < UseInterval {
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
