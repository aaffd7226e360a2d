package exec

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A fence keeps commands from files of the project that are not their inputs, by
// Landlock (https://docs.kernel.org/userspace-api/landlock.html). Landlock
// knows only what is allowed, so a fence around one folder allows all that lies
// beside the way to it, and the places within it that are named. What lies
// beside the way is looked up once, and again when a folder on it changed. The
// zero value is ready.
type fence struct {
	mu     sync.Mutex
	around *surroundings
}

// fenced are the accesses that a fence is about. Looking at names is free.
const fenced = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE

// pass puts the calling thread, and what it starts, behind the fence around the
// folder that assay runs in; inside lists what may be used within. Where the
// kernel has no Landlock it does nothing.
func (f *fence) pass(inside []string) error {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: fenced}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr.Handled_access_fs), 0)
	if errno == syscall.ENOSYS || errno == syscall.EOPNOTSUPP {
		return nil
	}
	if errno != 0 {
		return fmt.Errorf("fence: %w", errno)
	}
	rules := int(fd)
	defer unix.Close(rules)
	around, err := f.surroundings()
	if err != nil {
		return fmt.Errorf("fence: %w", err)
	}
	if err := around.allow(rules, inside); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("fence: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(rules), 0, 0); errno != 0 {
		return fmt.Errorf("fence: %w", errno)
	}
	return nil
}

// surroundings returns what lies around the project now.
func (f *fence) surroundings() (*surroundings, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.around != nil && f.around.current() {
		return f.around, nil
	}
	project, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	if project, err = filepath.EvalSymlinks(project); err != nil {
		return nil, err
	}
	f.around, err = lookAround(project)
	return f.around, err
}

// surroundings are all that lies beside the way from the root to a folder.
type surroundings struct {
	way    []station
	beside []string
	open   []*os.File // the first of beside, as far as they could be opened
}

// A station is a folder on the way and when it last got or lost a name.
type station struct {
	path    string
	changed time.Time
}

// maxOpen bounds how many files a fence keeps open.
const maxOpen = 512

func lookAround(project string) (*surroundings, error) {
	s := &surroundings{}
	at := "/"
	for _, next := range strings.Split(strings.Trim(project, "/"), "/") {
		st, err := os.Stat(at)
		if err != nil {
			return nil, err
		}
		s.way = append(s.way, station{at, st.ModTime()}) // looked at before it is read: a change between is seen
		entries, err := os.ReadDir(at)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Name() != next {
				s.beside = append(s.beside, filepath.Join(at, e.Name()))
			}
		}
		at = filepath.Join(at, next)
	}
	for _, path := range s.beside[:min(maxOpen, len(s.beside))] {
		f, _ := os.OpenFile(path, unix.O_PATH, 0) // nil for what is gone
		s.open = append(s.open, f)
	}
	return s, nil
}

// current reports whether the way is as it was.
func (s *surroundings) current() bool {
	for _, w := range s.way {
		if st, err := os.Stat(w.path); err != nil || !st.ModTime().Equal(w.changed) {
			return false
		}
	}
	return true
}

// allow makes rules for the surroundings and for what is named inside.
func (s *surroundings) allow(rules int, inside []string) error {
	for i, f := range s.open {
		if f == nil {
			continue
		}
		if err := addRule(rules, int(f.Fd())); err != nil {
			return fmt.Errorf("fence: allow %s: %w", s.beside[i], err)
		}
	}
	for _, list := range [][]string{s.beside[len(s.open):], inside} {
		for _, path := range list {
			if err := allowPath(rules, path); err != nil {
				return fmt.Errorf("fence: allow %s: %w", path, err)
			}
		}
	}
	return nil
}

// allowPath makes a rule for a path. What is gone or not to be opened needs none.
func allowPath(rules int, path string) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	return addRule(rules, fd)
}

// addRule lets an open file, and what is below it, be read and written.
func addRule(rules, fd int) error {
	rule := unix.LandlockPathBeneathAttr{Allowed_access: fenced, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 && !errors.Is(errno, syscall.EBADFD) {
		return errno
	}
	return nil
}
