package artifacts

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// SumsPath returns where [Store.Export] writes the list of a folder's digests: what
// sha256sum -c reads. Of one artifact it is the tree's text, so its own SHA-256
// is the artifact's digest. It lies beside the folder, because pandas, pyarrow and
// polars take every file in a folder for a part of the table.
func SumsPath(dir string) string {
	dir = filepath.Clean(dir)
	if base := filepath.Base(dir); base == "." || base == ".." {
		if abs, err := filepath.Abs(dir); err == nil {
			dir = abs
		}
	}
	return dir + ".SHA256SUMS"
}

// Export puts copies of the files of t below dir, which then have nothing to do
// with the store any more, and the list of their digests beside dir. Files that are
// there and differ are an error before anything is written, unless force is
// set; what else lies in dir is not touched. It returns how many files it
// wrote.
func (s *Store) Export(t Tree, dir string, force bool) (int, error) {
	sums := File{SumsPath(dir), t.Digest()}
	target := func(f File) string {
		if f == sums {
			return f.Name
		}
		return filepath.Join(dir, filepath.FromSlash(f.Name))
	}
	var stale []File
	for _, f := range append(t[:len(t):len(t)], sums) {
		same, err := isFile(target(f), f.Digest)
		if err != nil && !force {
			return 0, fmt.Errorf("%w; nothing was written (--force replaces it)", err)
		}
		if !same {
			stale = append(stale, f)
		}
		if f != sums && !s.Whole(f.Digest, false) {
			return 0, fmt.Errorf("file %s is no longer whole in the store; make it anew with: assay run", f.Name)
		}
	}
	for _, f := range stale {
		to := target(f)
		var err error
		if f == sums {
			err = replaceFile(to, t.Text())
		} else {
			err = copyOut(s.Path(f.Digest), to, f.Digest)
		}
		if err != nil {
			return 0, fmt.Errorf("file %s: %w", f.Name, err)
		}
	}
	return len(stale), nil
}

// isFile reports whether a plain file with the content d lies at path. If there
// is something else, that is the error.
func isFile(path string, d Digest) (bool, error) {
	st, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !st.Mode().IsRegular() {
		return false, fmt.Errorf("%s is there and is not a plain file", path)
	}
	got, err := hashFile(path)
	if err == nil && got != d {
		err = fmt.Errorf("%s is there and differs", path)
	}
	return err == nil, err
}

// copyOut copies the blob d to a file of its own, which appears whole and with the
// content that d is the digest of, or not at all. Never a hard
// link: whoever wrote to it would write to the store. Between two files io.Copy
// asks the kernel (copy_file_range), which shares the blocks where the file
// system can, and they part when one is written to.
func copyOut(from, to string, d Digest) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	dst, err := os.CreateTemp(filepath.Dir(to), ".assay-*")
	if err != nil {
		return err
	}
	defer os.Remove(dst.Name())
	_, err = io.Copy(dst, src)
	if err := errors.Join(err, dst.Chmod(0o644), dst.Close()); err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	switch got, err := hashFile(dst.Name()); {
	case err != nil:
		return err
	case got != d:
		return errors.New("it is damaged in the store; put that right with: assay fsck --repair")
	}
	return os.Rename(dst.Name(), to)
}
