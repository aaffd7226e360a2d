package exec

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A fence keeps a command from files of the project that are not its inputs, by
// Landlock (https://docs.kernel.org/userspace-api/landlock.html). Landlock
// knows only what is allowed, so a fence around one folder allows all that lies
// beside the way to it, and the places within it that are named.
type fence struct {
	project string   // absolute, without links
	inside  []string // what may be read and written within it
}

// fenced are the accesses that a fence is about. Looking at names is free.
const fenced = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE

// newFence returns a fence around the folder that assay runs in.
func newFence(inside []string) (*fence, error) {
	wd, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	if wd, err = filepath.EvalSymlinks(wd); err != nil {
		return nil, err
	}
	return &fence{wd, inside}, nil
}

// pass puts the calling thread, and what it starts, behind the fence. Where the
// kernel has no Landlock it does nothing.
func (f *fence) pass() error {
	if f == nil || f.project == "/" {
		return nil
	}
	attr := unix.LandlockRulesetAttr{Handled_access_fs: fenced}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr.Handled_access_fs), 0)
	if errno == syscall.ENOSYS || errno == syscall.EOPNOTSUPP {
		return nil
	}
	if errno != 0 {
		return fmt.Errorf("fence around %s: %w", f.project, errno)
	}
	rules := int(fd)
	defer unix.Close(rules)
	allowed, err := f.allowed()
	if err != nil {
		return err
	}
	for _, path := range allowed {
		if err := allow(rules, path); err != nil {
			return fmt.Errorf("fence: allow %s: %w", path, err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("fence: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(rules), 0, 0); errno != 0 {
		return fmt.Errorf("fence: %w", errno)
	}
	return nil
}

// allowed lists what lies beside the way from the root to the project, and what
// is allowed within it.
func (f *fence) allowed() ([]string, error) {
	list := append([]string(nil), f.inside...)
	at := "/"
	for _, next := range strings.Split(strings.Trim(f.project, "/"), "/") {
		entries, err := os.ReadDir(at)
		if err != nil {
			return nil, fmt.Errorf("fence: %w", err)
		}
		for _, e := range entries {
			if e.Name() != next {
				list = append(list, filepath.Join(at, e.Name()))
			}
		}
		at = filepath.Join(at, next)
	}
	return list, nil
}

// allow lets a path, and what is below it, be read and written. What is gone or
// not to be opened needs no rule.
func allow(rules int, path string) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	rule := unix.LandlockPathBeneathAttr{Allowed_access: fenced, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(rules), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 && !errors.Is(errno, syscall.EBADFD) {
		return errno
	}
	return nil
}
