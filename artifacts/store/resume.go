package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// ResumeDir is the folder of a store in which steps keep progress that survives a kill: a
// folder per action, named by the action key. Whoever uses such a folder holds the action's
// lock ([Store.LockAction]).
const ResumeDir = "resume"

// ResumePath returns where the progress of an action lies, or would lie.
func (s *Store) ResumePath(key artifacts.Digest) string {
	return filepath.Join(s.dir, ResumeDir, key.String())
}

// OpenResume opens the folder at a path that [Store.ResumePath] returned, and makes it if it
// is not there. It does so only when a step asks: most steps never do. The caller closes it.
func OpenResume(path string) (*os.Root, error) {
	for _, dir := range []string{filepath.Dir(path), path} {
		if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if there, err := isFolder(dir); err != nil || !there {
			return nil, errors.Join(err, errors.New("the folder for the progress of the step is gone"))
		}
	}
	return os.OpenRoot(path)
}

// DropResume removes the progress of an action, if there is any.
func (s *Store) DropResume(key artifacts.Digest) error {
	path := s.ResumePath(key)
	if there, err := isFolder(filepath.Dir(path)); err != nil || !there {
		return err
	}
	return disk.RemoveAll(path)
}

// isFolder reports whether there is a folder at a path. Anything else there is an error: what
// is removed from a store must lie in it, so no link is followed.
func isFolder(path string) (bool, error) {
	st, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !st.IsDir():
		return false, fmt.Errorf("%s is a %s, where the store has a folder of its own; move it away", path,
			disk.TypeName(st.Mode()))
	}
	return true, nil
}
