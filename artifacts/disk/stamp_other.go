//go:build !linux && !darwin

package disk

import "io/fs"

// StampOf uses size and modification time only: inode and change time are not available
// here.
func StampOf(st fs.FileInfo) Stamp {
	return Stamp{Size: st.Size(), Mtime: st.ModTime().UnixNano()}
}
