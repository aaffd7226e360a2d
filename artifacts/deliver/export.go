package deliver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/store"
)

// SumsPath returns where [Export] writes the list of a folder's digests, for sha256sum
// -c. It is the text of the tree, so its own SHA-256 is the digest of the artifact. It
// lies beside the folder, because pandas, pyarrow and polars read every file in a folder
// as a part of the table.
func SumsPath(dir string) string {
	dir = filepath.Clean(dir)
	if base := filepath.Base(dir); base == "." || base == ".." {
		if abs, err := filepath.Abs(dir); err == nil {
			dir = abs
		}
	}
	return dir + ".SHA256SUMS"
}

// Export copies the files of t below dir, where they are independent of the store, and
// writes the list of their digests beside dir. Existing files that differ are an error
// before anything is written, unless force is set; links and other things than plain
// files always are. Other files in dir are not touched. It returns how many files it
// wrote.
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

// staleIn returns the files of t that a folder does not have yet, and an error if one of
// them may not be written.
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
			return nil, fmt.Errorf("file %s is damaged in the store; make it again with: assay run", f.Name)
		}
	}
	return stale, nil
}

// mayReplace reports whether a folder already has the file. Anything else at its path is
// an error, unless it is a plain file and force is set.
func (o *outside) mayReplace(f artifacts.File, force bool) (bool, error) {
	sp, err := o.look(f.Name)
	switch {
	case err != nil:
		return false, err
	case sp.blocked != "":
		what := "a file in place of a folder"
		if sp.link {
			what = "a link, and below " + o.dir + " nothing is written through one"
		}
		return false, fmt.Errorf("%s is %s; nothing was written. Move or remove it", o.path(sp.blocked), what)
	case sp.st == nil:
		return false, nil
	case !sp.st.Mode().IsRegular():
		return false, fmt.Errorf("%s exists and is a %s, not a plain file; nothing was written. Move or remove it",
			o.path(f.Name), disk.TypeName(sp.st.Mode()))
	}
	same, err := o.holds(f.Name, f.Digest)
	switch {
	case force || err == nil && same:
		return same && err == nil, nil
	case err == nil:
		err = fmt.Errorf("%s exists and differs", o.path(f.Name))
	}
	return false, fmt.Errorf("%w; nothing was written (--force replaces it)", err)
}

// copyOf writes the blob d to a file, and returns an error if the content does not match
// d. It never makes a hard link: writing to that would write to the store. Between two
// files, io.Copy asks the kernel (copy_file_range), which shares the blocks where the
// file system can; the files separate when one is written to.
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
			err = errors.New("it is damaged in the store; repair that with: assay fsck --repair")
		}
		return err
	}
}
