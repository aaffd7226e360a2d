package exec

import (
	"errors"
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Rights of Landlock, see landlock(7). Listing names and running programs are not
// restricted.
const (
	readFile = unix.LANDLOCK_ACCESS_FS_READ_FILE

	ofFiles = readFile | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE

	ofFolders = unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_CHAR | unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG |
		unix.LANDLOCK_ACCESS_FS_MAKE_SOCK | unix.LANDLOCK_ACCESS_FS_MAKE_FIFO | unix.LANDLOCK_ACCESS_FS_MAKE_BLOCK |
		unix.LANDLOCK_ACCESS_FS_MAKE_SYM | unix.LANDLOCK_ACCESS_FS_REFER

	everything = ofFiles | ofFolders
)

// known returns those of the rights used here that a version of Landlock supports; 0 if
// there is no Landlock.
func known(version int) uint64 {
	switch {
	case version < 1:
		return 0
	case version < 2: // then nothing can be moved from folder to folder
		return everything &^ (unix.LANDLOCK_ACCESS_FS_REFER | unix.LANDLOCK_ACCESS_FS_TRUNCATE)
	case version < 3:
		return everything &^ unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	return everything
}

// landlockVersion asks the kernel for its version of Landlock; 0 where there is none.
func landlockVersion() int {
	v, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0
	}
	return int(v)
}

// rules is a set of rules that is being built. It refuses the rights that it handles
// unless a rule allows them.
type rules struct {
	fd      int
	handled uint64
}

func newRules(handled uint64) (*rules, error) {
	attr := unix.LandlockRulesetAttr{Handled_access_fs: handled}
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)),
		unsafe.Sizeof(attr.Handled_access_fs), 0)
	if errno != 0 {
		return nil, errno
	}
	return &rules{int(fd), handled}, nil
}

func (r *rules) close() { unix.Close(r.fd) }

// allowPath allows rights on a path and everything below it. A path that does not exist
// or cannot be opened needs no rule.
func (r *rules) allowPath(path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	rights, err = fitting(fd, rights)
	if err != nil {
		return err
	}
	return r.allow(fd, rights)
}

// fitting returns the rights that apply to the open file: the kernel refuses the rights
// of folders for a file.
func fitting(fd int, rights uint64) (uint64, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return 0, err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= ofFiles
	}
	return rights, nil
}

// allow allows rights on an open file or folder.
func (r *rules) allow(fd int, rights uint64) error {
	rule := unix.LandlockPathBeneathAttr{Allowed_access: rights & r.handled, Parent_fd: int32(fd)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(r.fd), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 && !errors.Is(errno, syscall.EBADFD) { // a file system that only the kernel uses
		return errno
	}
	return nil
}

// enforce puts the calling thread, and what it starts, under the rules.
func (r *rules) enforce() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no new privileges: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(r.fd), 0, 0); errno != 0 {
		return errno
	}
	return nil
}
