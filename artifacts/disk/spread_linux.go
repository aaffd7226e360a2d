package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// topDir is FS_TOPDIR_FL of linux/fs.h, what chattr calls T.
const topDir = 0x00020000

// Spread tells the file system that the folders in dir have nothing to do with
// each other. ext4 then makes each in another part of the disk, where few inodes
// were freed of late; it looks at each of those before it makes a file. It is
// only a hint: where it cannot be given, all is as it was.
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
