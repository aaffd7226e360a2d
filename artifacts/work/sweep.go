package work

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/gofrs/flock"

	"assay/artifacts/disk"
)

// scratched is the form of what a process puts into its work folder: one folder per action,
// and files that will become a blob or record.
var scratched = regexp.MustCompile(`^(?:file-)?[0-9]+$`)

// Sweep removes what dead processes left below tmp. It returns the errors for folders
// that could not be removed.
func Sweep(tmp string) error {
	var errs []error
	eachDead(tmp, func(w *workDir) { errs = append(errs, w.close()) })
	return errors.Join(errs...)
}

// Dead returns the folders that dead processes left below tmp.
func Dead(tmp string) []string {
	var out []string
	eachDead(tmp, func(w *workDir) {
		out = append(out, w.path)
		w.lock.Close()
	})
	return out
}

// eachDead calls visit with every work folder of a dead process of this machine, holding its
// lock.
func eachDead(tmp string, visit func(*workDir)) {
	here, seen := thisMachine(), map[string]bool{}
	entries, _ := os.ReadDir(tmp)
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".lock")
		if seen[name] || !here.owns(name) || !here.isSure(name) && !isSilent(filepath.Join(tmp, name)) {
			continue
		}
		seen[name] = true
		if w := lockDead(filepath.Join(tmp, name)); w != nil {
			visit(w)
		}
	}
}

// lockDead takes the lock of a work folder; nil if a process has it, or if the folder is
// not assay's. A folder without a lock file is one that an earlier version could not
// remove: the lock is made first and removed last.
func lockDead(path string) *workDir {
	lock, folder := path+".lock", true
	switch st, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
		folder = false
	case err != nil || !st.IsDir():
		return nil
	}
	st, err := os.Lstat(lock)
	if err == nil && (!st.Mode().IsRegular() || st.Size() > 0) || err != nil && !folder {
		return nil
	}
	if err != nil && !IsWork(path) {
		return nil
	}
	l := flock.New(lock)
	if ok, err := l.TryLock(); ok && err == nil && disk.SameFile(l, lock) && (!folder || IsWork(path)) {
		return &workDir{path: path, lock: l}
	}
	l.Close()
	return nil
}

// IsWork reports whether a folder contains only what assay puts there.
func IsWork(path string) bool {
	entries, err := os.ReadDir(path)
	for _, e := range entries {
		if !scratched.MatchString(e.Name()) {
			return false
		}
	}
	return err == nil
}
