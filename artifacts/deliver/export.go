package deliver

import (
	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/store"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// SumsPath returns where [Export] writes the list of a folder's digests: what
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
// set; links and what else is no plain file always are. What else lies in dir is
// not touched. It returns how many files it wrote.
func Export(ctx context.Context, s *store.Store, t artifacts.Tree, dir string, force bool) (int, error) {
	to := newOutside(dir)
	if err := errors.Join(apart(s, to.real, artifacts.RealPath(s.Dir())), to.nothingAbove()); err != nil {
		return 0, fmt.Errorf("%s: %w", dir, err)
	}
	defer to.release()
	if err := to.acquire(ctx, s); err != nil {
		return 0, err
	}
	stale, err := staleIn(s, to, t, force)
	if err != nil {
		return 0, err
	}
	list := SumsPath(dir)
	beside := newOutside(filepath.Dir(list))
	if err := beside.open(); err != nil {
		return 0, err
	}
	defer beside.shut()
	sums := artifacts.File{Name: filepath.Base(list), Digest: t.Digest()}
	listed, err := beside.mayReplace(sums, force)
	if err != nil {
		return 0, err
	}
	for _, f := range stale {
		if err := to.create(f.Name, copyOf(s, f.Digest)); err != nil {
			return 0, fmt.Errorf("file %s: %w", f.Name, err)
		}
	}
	if listed {
		return len(stale), nil
	}
	if err := beside.create(sums.Name, disk.Fill(t.Text())); err != nil {
		return 0, fmt.Errorf("list %s: %w", list, err)
	}
	return len(stale) + 1, nil
}

// staleIn returns the files of t that a folder does not hold yet, and an error
// if one of them may not be put there.
func staleIn(s *store.Store, to *outside, t artifacts.Tree, force bool) ([]artifacts.File, error) {
	var stale []artifacts.File
	for _, f := range t {
		same, err := to.mayReplace(f, force)
		if err != nil {
			return nil, err
		}
		if !same {
			stale = append(stale, f)
		}
		if !s.Whole(f.Digest, false) {
			return nil, fmt.Errorf("file %s is no longer whole in the store; make it again with: assay run", f.Name)
		}
	}
	return stale, nil
}

// mayReplace reports whether a file is in the folder already. If something else is
// there, that is an error, unless it is a plain file and force is set.
func (o *outside) mayReplace(f artifacts.File, force bool) (bool, error) {
	sp, err := o.look(f.Name)
	switch {
	case err != nil:
		return false, err
	case sp.blocked != "":
		what := "a file, where a folder should be"
		if sp.link {
			what = "a link, and below " + o.dir + " nothing is written through one"
		}
		return false, fmt.Errorf("%s is %s; nothing was written. Move or remove it", o.path(sp.blocked), what)
	case sp.st == nil:
		return false, nil
	case !sp.st.Mode().IsRegular():
		return false, fmt.Errorf("%s is there and is not a plain file but a %s; nothing was written. Move or remove it",
			o.path(f.Name), disk.TypeName(sp.st.Mode()))
	}
	same, err := o.holds(f.Name, f.Digest)
	switch {
	case force || err == nil && same:
		return same && err == nil, nil
	case err == nil:
		err = fmt.Errorf("%s is there and differs", o.path(f.Name))
	}
	return false, fmt.Errorf("%w; nothing was written (--force replaces it)", err)
}

// copyOf fills a file with the blob d, and is an error if that has not the content
// that d is the digest of. Never a hard link:
// whoever wrote to it would write to the store. Between two files io.Copy asks the
// kernel (copy_file_range), which shares the blocks where the file system can, and
// they part when one is written to.
func copyOf(s *store.Store, d artifacts.Digest) func(*os.File) error {
	return func(dst *os.File) error {
		src, err := os.Open(s.Path(d))
		if err != nil {
			return err
		}
		defer src.Close()
		if _, err := io.Copy(dst, src); err != nil {
			return err
		}
		if _, err := dst.Seek(0, io.SeekStart); err != nil {
			return err
		}
		got, err := artifacts.HashOpen(dst)
		if err == nil && got != d {
			err = errors.New("it is damaged in the store; put that right with: assay fsck --repair")
		}
		return err
	}
}
