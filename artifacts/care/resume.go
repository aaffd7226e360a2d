package care

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"assay/artifacts"
	"assay/artifacts/store"
)

// progress is what an action keeps until it has a result, see [store.OpenResume].
type progress struct {
	key  artifacts.Digest
	size int64
	used time.Time // when the newest thing in it was written
}

// listProgress lists the folders of progress. It returns the paths of what does not belong
// among them.
func listProgress(s *store.Store) (list []progress, strays []string, err error) {
	root := filepath.Join(s.Dir(), store.ResumeDir)
	st, err := os.Lstat(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if !st.IsDir() {
		return nil, []string{root}, nil
	}
	entries, err := os.ReadDir(root)
	for _, e := range entries {
		path := filepath.Join(root, e.Name())
		d, err := artifacts.ParseDigest(e.Name())
		if err != nil || d.String() != e.Name() || !e.IsDir() {
			strays = append(strays, path)
			continue
		}
		p := progress{key: d}
		if p.size, p.used, err = measure(path); err != nil {
			return nil, nil, err
		}
		list = append(list, p)
	}
	return list, strays, err
}

// measure returns the size of the files below dir, and when the newest of them or of the
// folders was written. What is removed meanwhile, or cannot be read, does not count.
func measure(dir string) (size int64, newest time.Time, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil
		}
		if err != nil {
			return err
		}
		st, err := e.Info()
		if err != nil {
			return nil
		}
		if st.ModTime().After(newest) {
			newest = st.ModTime()
		}
		if !e.IsDir() {
			size += st.Size()
		}
		return nil
	})
	return size, newest, err
}

// planProgress finds the progress of actions that have a result, or that nobody continued
// lately.
func planProgress(c *census, col *Collection) error {
	list, _, err := listProgress(c.s)
	old := col.gc.Now.Add(-col.gc.Keep)
	for _, p := range list {
		if c.byKey[p.key] == nil && !p.used.Before(old) {
			col.Left += p.size
			continue
		}
		col.progress = append(col.progress, p.key)
		col.ProgressBytes += p.size
	}
	col.Progress = len(col.progress)
	col.Freed += col.ProgressBytes
	return err
}

// removeProgress removes folders of progress. A kill may leave half of one, as it may at any
// other time.
func removeProgress(ctx context.Context, s *store.Store, keys []artifacts.Digest) error {
	for _, key := range keys {
		if err := errors.Join(ctx.Err(), s.DropResume(key)); err != nil {
			return err
		}
	}
	return nil
}
