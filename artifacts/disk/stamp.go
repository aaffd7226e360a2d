package disk

import "os"

// A Stamp is what a stat says about the content of a file. If the whole stamp is
// unchanged, the content is taken to be unchanged.
type Stamp struct {
	Size         int64
	Mtime, Ctime int64 // Unix ns
	Inode        uint64
}

// StatFile returns the stamp of what a path leads to, and whether that is a plain file.
func StatFile(path string) (_ Stamp, plain bool, err error) {
	st, err := os.Stat(path)
	if err != nil {
		return Stamp{}, false, err
	}
	return StampOf(st), st.Mode().IsRegular(), nil
}

// lstatFile is StatFile for what is at the path itself: a link is no plain file.
func lstatFile(path string) (_ Stamp, plain bool, err error) {
	st, err := os.Lstat(path)
	if err != nil {
		return Stamp{}, false, err
	}
	return StampOf(st), st.Mode().IsRegular(), nil
}
