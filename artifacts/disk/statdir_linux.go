package disk

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// A Dir returns the stamps of the files of one folder. A source may have 10,000 files,
// and each is checked twice in a run. With the folder open, the kernel need not walk the
// whole path for each, which takes most of the time.
type Dir struct {
	path string
	fd   int // -1 if the folder could not be opened
}

// OpenDir opens a folder whose files are to be checked. [Dir.File] reports a failure.
func OpenDir(path string) *Dir {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		fd = -1
	}
	return &Dir{path, fd}
}

// File returns the stamp of what a name in the folder leads to, and whether that is a
// plain file.
func (d *Dir) File(name string) (_ Stamp, plain bool, err error) {
	if d.fd < 0 {
		return StatFile(filepath.Join(d.path, name))
	}
	return d.stat(name, 0)
}

// Own returns the stamp of what is at a name in the folder itself, and whether that is a plain file. A link is none.
func (d *Dir) Own(name string) (_ Stamp, plain bool, err error) {
	if d.fd < 0 {
		return lstatFile(filepath.Join(d.path, name))
	}
	return d.stat(name, unix.AT_SYMLINK_NOFOLLOW)
}

func (d *Dir) stat(name string, flags int) (_ Stamp, plain bool, err error) {
	var st unix.Stat_t
	for {
		if err = unix.Fstatat(d.fd, name, &st, flags); err != unix.EINTR {
			break
		}
	}
	if err != nil {
		return Stamp{}, false, &os.PathError{Op: "stat", Path: filepath.Join(d.path, name), Err: err}
	}
	s := Stamp{Size: st.Size, Mtime: st.Mtim.Nano(), Ctime: st.Ctim.Nano(), Inode: st.Ino}
	return s, st.Mode&unix.S_IFMT == unix.S_IFREG, nil
}

// Close closes the folder.
func (d *Dir) Close() {
	if d.fd >= 0 {
		unix.Close(d.fd)
	}
}
