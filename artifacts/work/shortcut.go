package work

import (
	"assay/artifacts/disk"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/gofrs/flock"
)

// A shortcut is a link to a process's work folder in the system's own place for
// what is temporary. By it the folders of actions have short paths: the path of a
// Unix socket has some 100 bytes, and a project may lie deep. It is made when first
// needed. If the process is killed, the next one finds that the work folder's
// lock is nobody's, and removes the link.
type shortcut struct {
	mu   sync.Mutex
	path string
}

const (
	shortcutPrefix = "assay-"
	maxTempBase    = 40 // bytes of a path
)

// tempBases returns where the link may be, best first: in TMPDIR, unless that is too
// long for what the link is needed for, else in the system's own folder. TMPDIR may
// name what is not there or cannot be written to.
func tempBases() []string {
	const system = "/tmp"
	var list []string
	if base, err := filepath.Abs(os.TempDir()); err == nil && len(base) <= maxTempBase {
		list = append(list, base)
	}
	if st, err := os.Stat(system); err == nil && st.IsDir() && !slices.Contains(list, system) {
		list = append(list, system)
	}
	return list
}

// to returns the link to a work folder.
func (l *shortcut) to(work string) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.path != "" {
		if _, err := os.Lstat(l.path); err == nil { // cleaners of the system take away what is old
			return l.path, nil
		}
	}
	work, err := filepath.Abs(work)
	if err != nil {
		return "", err
	}
	for _, base := range tempBases() {
		sweepShortcuts(base)
		if l.path, err = newShortcut(base, work); err == nil {
			return l.path, nil
		}
	}
	return "", errors.Join(errors.New("no folder for a short path"), err)
}

// newShortcut makes a link to a work folder below base.
func newShortcut(base, work string) (string, error) {
	for range 100 {
		path := filepath.Join(base, fmt.Sprintf("%s%08x", shortcutPrefix, rand.Uint32()))
		err := os.Symlink(work, path)
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
	return "", fs.ErrExist
}

func (l *shortcut) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.path == "" {
		return nil
	}
	err := os.Remove(l.path)
	l.path = ""
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// sweepShortcuts removes the links below base of this user's processes that are no
// more.
func sweepShortcuts(base string) {
	links, _ := filepath.Glob(filepath.Join(base, shortcutPrefix+"*"))
	for _, link := range links {
		st, err := os.Lstat(link)
		if err != nil || st.Mode()&fs.ModeSymlink == 0 || !disk.IsOwn(st) {
			continue
		}
		work, err := os.Readlink(link)
		if err == nil && isWorkPath(work) && isDead(work) {
			os.Remove(link)
		}
	}
}

// isWorkPath reports whether a path has the form of a work folder's, see [newWorkDir].
func isWorkPath(path string) bool {
	return filepath.IsAbs(path) && filepath.Base(filepath.Dir(path)) == "tmp" && strings.HasPrefix(filepath.Base(path),
		"work-")
}

// isDead reports whether the process of a work folder is no more.
func isDead(work string) bool {
	path := work + ".lock"
	if _, err := os.Lstat(path); err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	lock := flock.New(path)
	defer lock.Close()
	ok, err := lock.TryLock()
	return ok && err == nil
}
