package deliver

import (
	"context"
	"fmt"
	"path/filepath"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/store"
)

// File writes one file for people, which was made from artifacts but is none itself. As
// with [Export], an existing file that differs is an error unless force is set; a link or
// anything else than a plain file always is. It reports whether it wrote the file, which
// it does not if the file is right already.
func File(ctx context.Context, s *store.Store, path string, b []byte, force bool) (bool, error) {
	dir, name := filepath.Dir(path), filepath.Base(path)
	to := newOutside(dir)
	if artifacts.Within(to.real, artifacts.RealPath(s.Dir())) {
		return false, fmt.Errorf("%s lies in the store %s, which may only contain its own files; name another one", path,
			s.Dir())
	}
	if err := to.nothingAbove(); err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	defer to.release()
	if err := to.acquire(ctx, s); err != nil {
		return false, err
	}
	same, err := to.mayReplace(artifacts.File{Name: name, Digest: artifacts.Of(b)}, force)
	if err != nil || same {
		return false, err
	}
	if err := to.create(name, disk.Fill(b)); err != nil {
		return false, fmt.Errorf("file %s: %w", path, err)
	}
	return true, nil
}
