package disk

import "os"

// A Stamp is what a stat tells of a file's content: if all of it is as it was,
// the content is taken to be as it was.
type Stamp struct {
	Size         int64
	Mtime, Ctime int64 // Unix ns
	Inode        uint64
}

// StatFile returns the stamp of what a path stands for, and whether that is a plain
// file.
func StatFile(path string) (_ Stamp, plain bool, err error) {
	st, err := os.Stat(path)
	if err != nil {
		return Stamp{}, false, err
	}
	return StampOf(st), st.Mode().IsRegular(), nil
}
