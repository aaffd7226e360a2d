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

// madeFile is the file in a run's folder that says what the run made.
const madeFile = "made.json"

// maxMade bounds the bytes of made.json.
const maxMade = 64 << 20

// Made is what a run made, so that it can be compared later even if the recipe has changed
// since. A run that failed leaves none.
type Made struct {
	Lock     string          `json:"lock"`               // the text of the lock of its results
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
	b, err := m.text()
	if err == nil {
		err = os.WriteFile(filepath.Join(r.log.run.dir, madeFile), b, 0o666)
	}
	if err != nil {
		r.warn(fmt.Errorf("cannot keep what the run made: %w", err))
	}
}

// text returns the JSON of m. The settings go in as they are: they are JSON, and may be megabytes that
// json.Marshal would read again.
func (m *Made) text() ([]byte, error) {
	rest := *m
	rest.Settings = nil
	b, err := json.Marshal(&rest)
	if err != nil || len(m.Settings) == 0 {
		return append(b, '\n'), err
	}
	b = append(bytes.TrimSuffix(b, []byte("}")), `,"settings":`...)
	return append(append(b, m.Settings...), "}\n"...), nil
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
	m := &Made{}
	if err := json.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("%s is damaged: %w", filepath.Join(r.dir, madeFile), err)
	}
	return m, nil
}
