package work

import (
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

	"assay/artifacts/disk"
)

// A shortcut is a link in the system's temporary folder to a process's work folder. It
// gives the folders of actions short paths: the path of a Unix socket has at most some
// 100 bytes, and a project may be nested deeply. It is made when first needed. If the
// process is killed, the next one finds that nobody holds the lock of the work folder,
// and removes the link.
type shortcut struct {
	mu   sync.Mutex
	path string
}

const (
	shortcutPrefix = "assay-"
	maxTempBase    = 40 // bytes of a path
)

// tempBases returns the folders for the link, best first: TMPDIR, unless it is too long
// for the purpose of the link, then the system's own folder. TMPDIR may not exist or not
// be writable.
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
		if _, err := os.Lstat(l.path); err == nil { // the system removes old temporary files
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

// sweepShortcuts removes the links below base that belong to dead processes of this
// user.
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

// isWorkPath reports whether a path has the form of that of a work folder, see
// [newWorkDir].
func isWorkPath(path string) bool {
	return filepath.IsAbs(path) && filepath.Base(filepath.Dir(path)) == "tmp" && strings.HasPrefix(filepath.Base(path),
		"work-")
}

// isDead reports whether the process of a work folder has ended.
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
