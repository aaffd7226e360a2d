package slurm

import (
	"errors"
	"os"

	"assay/engine/slurm/spool"
)

// probe is what must fit on a disk that is not full.
const probe = 256 << 10

// diskHint says that the store's disk is full, if it is: a job on a full disk cannot say so
// itself.
func (e *Executor) diskHint() string {
	f, err := os.CreateTemp(spool.Root(e.Store), "probe-")
	if err == nil {
		_, err = f.Write(make([]byte, probe))
		err = errors.Join(err, f.Close())
		os.Remove(f.Name())
	}
	if err != nil {
		return "; the store cannot be written to: " + err.Error()
	}
	return ""
}
