package huge

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// advise asks for huge pages behind b, at least two of their size. A system that does not know them
// says so; there is nothing to do then.
func advise(b []byte) {
	size := os.Getpagesize()
	skip := -int(uintptr(unsafe.Pointer(&b[0]))) & (size - 1) // advice is for whole pages
	whole := (len(b) - skip) &^ (size - 1)
	_ = unix.Madvise(b[skip:skip+whole], unix.MADV_HUGEPAGE)
}
