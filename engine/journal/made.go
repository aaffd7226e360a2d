package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The files in a run's folder that say what the run made. The lock and the settings have files of their own:
// they may be megabytes. Earlier versions had both in made.json.
const (
	madeFile     = "made.json"
	madeLockFile = "made.lock"
	settingsFile = "settings.json"
)

// maxMade bounds the bytes of made.json.
const maxMade = 64 << 20

// Made is what a run made, so that it can be compared later even if the recipe has changed
// since. A run that failed leaves none.
type Made struct {
	Lock     []byte          `json:"-"`                  // the text of the lock of its results
	Unmade   []string        `json:"unmade,omitempty"`   // nodes of the recipe that were no part of the run
	Settings json.RawMessage `json:"settings,omitempty"` // what the recipe said, in the caller's own form

	// SettingsFile, if it is not "", is a file that has the settings and that nobody changes. A link to it is kept.
	SettingsFile string `json:"-"`
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
	if err := m.keep(r.log.run.dir); err != nil {
		r.warn(fmt.Errorf("cannot keep what the run made: %w", err))
	}
}

// keep writes m to the folder of a run. It writes made.json last: a run without it made nothing.
func (m *Made) keep(dir string) error {
	if err := os.WriteFile(filepath.Join(dir, madeLockFile), m.Lock, 0o666); err != nil {
		return err
	}
	if err := m.keepSettings(filepath.Join(dir, settingsFile)); err != nil {
		return err
	}
	b, err := json.Marshal(&Made{Unmade: m.Unmade})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, madeFile), append(b, '\n'), 0o666)
}

// keepSettings writes the settings to path, or makes it a link to the file that has them.
func (m *Made) keepSettings(path string) error {
	if m.SettingsFile == "" {
		return os.WriteFile(path, m.Settings, 0o666)
	}
	if os.Link(m.SettingsFile, path) == nil {
		return nil
	}
	text, err := os.ReadFile(m.SettingsFile)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o666)
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
	if m.Lock != "" {
		m.Made.Lock = []byte(m.Lock)
		return &m.Made, nil
	}
	if m.Made.Lock, err = r.part(madeLockFile); err != nil {
		return nil, err
	}
	m.Settings, err = r.part(settingsFile)
	return &m.Made, err
}

// part reads a file beside made.json.
func (r *Run) part(name string) ([]byte, error) {
	b, err := readBounded(filepath.Join(r.dir, name), maxMade)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s is damaged: %s is gone", r.dir, name)
	}
	return b, err
}
