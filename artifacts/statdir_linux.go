package artifacts

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// A statDir tells how the files of one folder look. A source may have 10,000 files,
// each of them looked at twice in a run: with the folder open, the kernel need not
// walk the whole path for each, which takes most of the time.
type statDir struct {
	path string
	fd   int // -1 if the folder could not be opened
}

func openStatDir(path string) *statDir {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		fd = -1
	}
	return &statDir{path, fd}
}

// file returns the stamp of what a name stands for in the folder, and whether that is
// a plain file.
func (d *statDir) file(name string) (_ stamp, plain bool, err error) {
	if d.fd < 0 {
		return statFile(filepath.Join(d.path, name))
	}
	var st unix.Stat_t
	for {
		if err = unix.Fstatat(d.fd, name, &st, 0); err != unix.EINTR {
			break
		}
	}
	if err != nil {
		return stamp{}, false, &os.PathError{Op: "stat", Path: filepath.Join(d.path, name), Err: err}
	}
	s := stamp{size: st.Size, mtime: st.Mtim.Nano(), ctime: st.Ctim.Nano(), inode: st.Ino}
	return s, st.Mode&unix.S_IFMT == unix.S_IFREG, nil
}

func (d *statDir) close() {
	if d.fd >= 0 {
		unix.Close(d.fd)
	}
}
