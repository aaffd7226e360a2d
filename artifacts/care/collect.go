package care

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"assay/artifacts"
	"assay/artifacts/receipt"
	"assay/artifacts/store"
	"assay/artifacts/work"
)

// Collect removes what a plan lists, if a plan made now would still list it. It needs
// the store alone ([store.Store.Exclusive]). It returns what it did.
//
// Records are removed first, so a kill at any moment leaves results that are whole, and
// blobs that nothing names, which the next collection finds.
func Collect(ctx context.Context, s *store.Store, plan *Collection) (*Collection, error) {
	release, err := s.Exclusive()
	if err != nil {
		return nil, err
	}
	defer release()
	// A run may have used some of it between the plan and now.
	only := make(map[artifacts.Digest]bool, len(plan.Lost))
	for _, l := range plan.Lost {
		only[l.Key] = true
	}
	now, err := planGC(ctx, s, plan.gc, only)
	if err != nil {
		return nil, err
	}
	return now, remove(ctx, s, now, os.Remove)
}

// remove deletes what a collection lists by calling rm. A file that no longer exists is
// fine.
func remove(ctx context.Context, s *store.Store, col *Collection, rm func(path string) error) error {
	folders := map[string]bool{}
	drop := func(path string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := rm(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if len(col.records) > 0 {
		if err := receipt.Forget(s); err != nil {
			return err
		}
	}
	for _, key := range col.records {
		folders[filepath.Dir(s.ResultPath(key))] = true
		if err := drop(s.ResultPath(key)); err != nil {
			return err
		}
	}
	// Even after a power cut, a record must not come back whose blobs are gone.
	for dir := range folders {
		syncDir(dir)
	}
	for _, d := range col.blobs {
		if err := drop(s.Path(d)); err != nil {
			return err
		}
	}
	for _, f := range col.files {
		if err := drop(f.path); err != nil {
			return err
		}
	}
	if err := removeProgress(ctx, s, col.progress); err != nil {
		return err
	}
	if err := work.Sweep(filepath.Join(s.Dir(), "tmp")); err != nil {
		s.Warn(err.Error())
	}
	return nil
}

// syncDir flushes the names of a folder. Where the system cannot, the worst case is a
// record that comes back without blobs, which is a miss.
func syncDir(dir string) {
	if f, err := os.Open(dir); err == nil {
		f.Sync()
		f.Close()
	}
}

// leftBytes returns how many bytes in tmp belong to dead processes.
func leftBytes(s *store.Store) (int64, error) {
	var sum int64
	for _, dir := range work.Dead(filepath.Join(s.Dir(), "tmp")) {
		n, _, err := measure(dir)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}
