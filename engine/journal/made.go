package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The files in a run's folder that say what the run made. The text of the lock has one of its own: it may be
// megabytes, and earlier versions had it in made.json.
const (
	madeFile     = "made.json"
	madeLockFile = "made.lock"
)

// maxMade bounds the bytes of made.json.
const maxMade = 64 << 20

// Made is what a run made, so that it can be compared later even if the recipe has changed
// since. A run that failed leaves none.
type Made struct {
	Lock     []byte          `json:"-"`                  // the text of the lock of its results
	Unmade   []string        `json:"unmade,omitempty"`   // nodes of the recipe that were no part of the run
	Settings json.RawMessage `json:"settings,omitempty"` // what the recipe said, in the caller's own form
}

// ErrNotMade is the error for a run of which it is not known what it made.
var ErrNotMade = errors.New("what it made is not recorded")

// Keep writes what the run made. A run without a journal keeps nothing.
func (r *Recorder) Keep(m *Made) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.log == nil {
		return
	}
	dir := r.log.run.dir
	err := os.WriteFile(filepath.Join(dir, madeLockFile), m.Lock, 0o666)
	if err == nil {
		err = m.write(filepath.Join(dir, madeFile)) // last: a run without it made nothing
	}
	if err != nil {
		r.warn(fmt.Errorf("cannot keep what the run made: %w", err))
	}
}

// write writes all but the lock. The settings go in as they are: they are JSON, and may be megabytes that
// json.Marshal would read again.
func (m *Made) write(path string) error {
	b, err := json.Marshal(&Made{Unmade: m.Unmade})
	if err != nil {
		return err
	}
	parts := [][]byte{b, []byte("\n")}
	if len(m.Settings) > 0 {
		begin := bytes.TrimSuffix(b, []byte("}"))
		if len(m.Unmade) > 0 {
			begin = append(begin, ',')
		}
		parts = [][]byte{append(begin, `"settings":`...), m.Settings, []byte("}\n")}
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err == nil {
			_, err = f.Write(p)
		}
	}
	return errors.Join(err, f.Close())
}

// Made returns what the run made. The error is [ErrNotMade] if that is not recorded.
func (r *Run) Made() (*Made, error) {
	b, err := readBounded(filepath.Join(r.dir, madeFile), maxMade)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotMade
	}
	if err != nil {
		return nil, err
	}
	var m struct {
		Made
		Lock string `json:"lock"` // where earlier versions had it
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w", filepath.Join(r.dir, madeFile), err)
	}
	m.Made.Lock = []byte(m.Lock)
	if m.Lock == "" {
		m.Made.Lock, err = readBounded(filepath.Join(r.dir, madeLockFile), maxMade)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s is damaged: %s is gone", r.dir, madeLockFile)
	}
	return &m.Made, err
}
