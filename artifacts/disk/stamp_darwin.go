package disk

import (
	"io/fs"
	"syscall"
)

// StampOf returns the stamp of a file.
func StampOf(st fs.FileInfo) Stamp {
	s := Stamp{Size: st.Size(), Mtime: st.ModTime().UnixNano()}
	if sys, ok := st.Sys().(*syscall.Stat_t); ok {
		s.Ctime, s.Inode = sys.Ctimespec.Nano(), sys.Ino
	}
	return s
}
