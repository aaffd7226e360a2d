package care

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"assay/artifacts"
	"assay/artifacts/receipt"
	"assay/artifacts/recipes"
	"assay/artifacts/source"
	"assay/artifacts/store"
	"assay/artifacts/work"
)

// Files of assay have names and first lines of their own. Only such files are ever
// removed; anything else in a store belongs to somebody. Blobs and records are
// recognized by their names alone, 64 digits in a folder named after the first two: a
// damaged one may begin with anything.

// A form is what the files of one of the small folders look like.
type form struct {
	name  *regexp.Regexp
	heads []string // one of them begins the file
}

var forms = map[string][]form{
	"sources": {
		{regexp.MustCompile(`^[0-9a-f]{16}$`), []string{source.MemoHead}},
		{regexp.MustCompile(`^files$`), []string{store.FilesHead}},
	},
	"recipes": {
		{regexp.MustCompile(`^receipt-[0-9a-f]{32}$`), []string{receipt.Head}},
		{regexp.MustCompile(`^(graph|memory)-[0-9a-f]{32}$`), []string{"assay graph ", "assay memory "}},
		{regexp.MustCompile(`^settings-[0-9a-f]{32}$`), []string{"[{", "null"}},
		{regexp.MustCompile(`-[0-9a-f]{16}$`), []string{recipes.Head + `"`,
			"assay history "}}, // earlier versions wrote no recipe
	},
	"pins":      {{pinName, []string{""}}},
	"published": {{regexp.MustCompile(`^[0-9a-f]{32}(?:\.lock)?$`), []string{""}}},
}

// isForm reports whether a file with a name and a beginning belongs to the store. A file
// that was being written when the machine stopped may be empty or all zeros.
func isForm(sub, name string, head []byte) bool {
	for _, f := range forms[sub] {
		if !f.name.MatchString(name) {
			continue
		}
		if len(bytes.Trim(head, "\x00")) == 0 {
			return true
		}
		for _, h := range f.heads {
			if bytes.HasPrefix(head, []byte(h)) {
				return true
			}
		}
	}
	return false
}

// isForm is the function of that name, of a file as it lies in a folder.
func (f oddFile) isForm(sub string) bool {
	file, err := os.Open(f.path)
	if err != nil {
		return false
	}
	defer file.Close()
	head := make([]byte, store.MaxHead)
	n, err := io.ReadFull(file, head)
	return (err == nil || err == io.EOF || err == io.ErrUnexpectedEOF) && isForm(sub, filepath.Base(f.path), head[:n])
}

// strays lists the paths in the store that do not belong to it.
func strays(ctx context.Context, s *store.Store) ([]string, error) {
	var out []string
	stray := func(path string) error { out = append(out, path); return nil }
	others, err := store.OthersIn(s.Dir())
	if err != nil {
		return nil, err
	}
	for _, name := range others {
		stray(filepath.Join(s.Dir(), name))
	}
	own := func(artifacts.Digest, fs.FileInfo) error { return nil }
	for _, sub := range []string{"actions", "blobs"} {
		if err := walk(ctx, s, sub, own, stray); err != nil {
			return nil, err
		}
	}
	for _, sub := range []string{"sources", "recipes", "pins", "published"} {
		out = append(out, straysIn(s, sub)...)
	}
	_, odd, err := listProgress(s)
	if err != nil {
		return nil, err
	}
	out = append(out, odd...)
	return append(out, strayWork(filepath.Join(s.Dir(), "tmp"))...), nil
}

// exists reports whether there is something at a path; it may have been removed
// meanwhile.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// straysIn lists the strays of one of the small folders.
func straysIn(s *store.Store, sub string) []string {
	var out []string
	entries, _ := os.ReadDir(filepath.Join(s.Dir(), sub))
	for _, e := range entries {
		f := oddFile{path: filepath.Join(s.Dir(), sub, e.Name())}
		if (!e.Type().IsRegular() || !f.isForm(sub)) && exists(f.path) {
			out = append(out, f.path)
		}
	}
	return out
}

// strayWork lists what is in tmp but belongs to no process.
func strayWork(tmp string) []string {
	var out []string
	entries, _ := os.ReadDir(tmp)
	for _, e := range entries {
		path := filepath.Join(tmp, e.Name())
		base, isLock := strings.CutSuffix(e.Name(), ".lock")
		switch {
		case !work.IsName(base):
		case isLock:
			if st, err := os.Lstat(path); err == nil && st.Mode().IsRegular() && st.Size() == 0 {
				continue
			}
		case e.IsDir() && work.IsWork(path):
			continue
		}
		if exists(path) {
			out = append(out, path)
		}
	}
	return out
}
