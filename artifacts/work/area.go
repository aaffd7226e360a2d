// Package work gives each process, and each of its actions, a folder to work in.
//
// Call [NewArea] with a folder that processes share, and [Area.Scratch] for an action.
// The kernel releases the lock of a killed process, so the next process recognizes its
// folder and removes it (sweep.go).
package work

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"assay/artifacts/disk"
)

// An Area is a folder in which several processes work, each in a folder of its own that
// is removed at its end. Use [NewArea]; the zero value does not work.
type Area struct {
	dir string

	mu    sync.Mutex
	work  *workDir // of this process; made when first needed
	short shortcut
}

// NewArea returns the area at dir, which need not exist yet.
func NewArea(dir string) *Area { return &Area{dir: dir} }

// own returns this process's folder.
func (a *Area) own() (*workDir, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.work != nil {
		return a.work, nil
	}
	Sweep(a.dir) // gc and fsck report what stays
	disk.Spread(a.dir)
	w, err := newWorkDir(a.dir)
	if err != nil {
		return nil, fmt.Errorf("work folder in the store: %w", err)
	}
	a.work = w
	return w, nil
}

// File makes a new file in the folder of this process.
func (a *Area) File() (*os.File, error) {
	w, err := a.own()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(w.path, fmt.Sprint("file-", w.serial.Add(1)))
	return os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
}

// Close removes this process's folder. A later use makes another one.
func (a *Area) Close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	var err error
	if a.work != nil {
		err = a.work.close()
		a.work = nil
	}
	return errors.Join(err, a.short.close())
}
