package store

import (
	"encoding/binary"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"assay/artifacts"
)

// kernelLocks are kernel locks on single bytes of one empty file: the byte whose
// number a key begins with stands for the action. They belong to the open file
// (F_OFD_SETLK, fcntl(2)) and go with it.
type kernelLocks struct{ file *os.File }

func openKernelLocks(dir string) (*kernelLocks, error) {
	f, err := os.OpenFile(filepath.Join(dir, "actions.lock"), os.O_CREATE|os.O_RDWR, 0o666)
	return &kernelLocks{f}, err
}

// try takes the lock of an action; ok is false if another process has it.
func (l *kernelLocks) try(key artifacts.Digest) (unlock func(), ok bool, err error) {
	err = l.set(key, unix.F_WRLCK)
	if err == unix.EAGAIN || err == unix.EACCES {
		return nil, false, nil
	}
	return func() { l.set(key, unix.F_UNLCK) }, err == nil, err
}

func (l *kernelLocks) set(key artifacts.Digest, what int16) error {
	at := binary.BigEndian.Uint64(key[:8]) >> 2 // an offset is positive, its end too
	return unix.FcntlFlock(l.file.Fd(), unix.F_OFD_SETLK, &unix.Flock_t{Type: what, Start: int64(at), Len: 1})
}

func (l *kernelLocks) close() error { return l.file.Close() }
