package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// topDir is FS_TOPDIR_FL of linux/fs.h, what chattr calls T.
const topDir = 0x00020000

// Spread tells the file system that the folders in dir are unrelated. ext4 then puts
// each into another part of the disk, where few inodes were freed recently; it checks
// each of those before it creates a file. This is only a hint, and errors are ignored.
func Spread(dir string) {
	f, err := os.Open(dir)
	if err != nil {
		return
	}
	defer f.Close()
	flags, err := unix.IoctlGetUint32(int(f.Fd()), unix.FS_IOC_GETFLAGS)
	if err == nil && flags&topDir == 0 {
		unix.IoctlSetPointerInt(int(f.Fd()), unix.FS_IOC_SETFLAGS, int(flags|topDir))
	}
}
