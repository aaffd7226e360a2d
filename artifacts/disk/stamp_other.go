//go:build !linux && !darwin

package disk

import "io/fs"

// StampOf knows neither inode nor change time here: size and modification time
// must do.
func StampOf(st fs.FileInfo) Stamp {
	return Stamp{Size: st.Size(), Mtime: st.ModTime().UnixNano()}
}
