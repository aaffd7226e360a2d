package slurm

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine/slurm/spool"
)

// A binary is this program, copied into the store by its digest: jobs run what submitted them,
// whatever is installed on the nodes, and however often it is built meanwhile.
type binary struct {
	once sync.Once
	at   string
	err  error
}

// path returns where the copy lies, and makes it if it is not there.
func (b *binary) path(s *store.Store) (string, error) {
	b.once.Do(func() { b.at, b.err = copyBinary(s) })
	return b.at, b.err
}

func copyBinary(s *store.Store) (string, error) {
	own, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program, to copy it for the nodes: %w", err)
	}
	d, err := artifacts.HashFile(own)
	if err != nil {
		return "", fmt.Errorf("read this program, to copy it for the nodes: %w", err)
	}
	dir, err := filepath.Abs(filepath.Join(spool.Root(s), "bin"))
	if err != nil {
		return "", err
	}
	to := filepath.Join(dir, d.String(), "assay")
	if got, err := artifacts.HashFile(to); err == nil && got == d {
		os.Chtimes(to, time.Now(), time.Now())
		return to, nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return "", err
	}
	dropOld(dir, d.String())
	return to, copyTo(own, to)
}

// copyTo copies a program so that it appears whole.
func copyTo(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(to), "new-")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Chmod(0o555), out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("copy this program for the nodes: %w", err)
	}
	return os.Rename(out.Name(), to)
}

// keepBinary is how long a copy that no run used is kept. No job waits as long.
const keepBinary = 60 * 24 * time.Hour

// dropOld removes copies that were not used for long.
func dropOld(dir, but string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		st, err := os.Stat(filepath.Join(dir, e.Name(), "assay"))
		if e.Name() != but && (err == nil && time.Since(st.ModTime()) > keepBinary || errors.Is(err, fs.ErrNotExist)) {
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}
