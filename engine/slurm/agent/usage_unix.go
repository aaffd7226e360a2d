//go:build unix

package agent

import (
	"runtime"
	"syscall"
)

// A use is what this process and the commands it waited for took so far.
type use struct {
	cpu float64 // seconds
	rss int64   // the most that one process had at once, in bytes
}

// usage asks the kernel. The unit of the memory is KiB, except on macOS.
func usage() use {
	var u use
	unit := int64(1 << 10)
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var r syscall.Rusage
		if syscall.Getrusage(who, &r) != nil {
			continue
		}
		u.cpu += float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
		u.rss = max(u.rss, int64(r.Maxrss)*unit)
	}
	return u
}
