package artifacts

import "os"

// A stamp is what a stat tells of a file's content: if all of it is as it was,
// the content is taken to be as it was.
type stamp struct {
	size         int64
	mtime, ctime int64 // Unix ns
	inode        uint64
}

// statFile returns the stamp of what a path stands for, and whether that is a plain
// file.
func statFile(path string) (_ stamp, plain bool, err error) {
	st, err := os.Stat(path)
	if err != nil {
		return stamp{}, false, err
	}
	return stampOf(st), st.Mode().IsRegular(), nil
}
