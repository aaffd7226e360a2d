package watch

import (
	"os"
	"path/filepath"
	"testing"

	"assay/cmd/assay/internal/plain"
)

// Files behind links are watched, and reported by the path that the user wrote.
func TestWatchFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, f := range []string{"big/a", "other/b", "elsewhere/c"} {
		os.MkdirAll(filepath.Dir(f), 0o777)
		if err := os.WriteFile(f, []byte("x"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"data": "big", "big/more": "../other", "other/back": "../big"} {
		if err := os.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
	}
	for want, change := range map[string]func() error{
		"data/a":      func() error { return os.WriteFile("big/a", []byte("longer"), 0o666) },
		"data/more/b": func() error { return os.WriteFile("other/b", []byte("longer"), 0o666) },
		"data/new":    func() error { return os.Symlink("../elsewhere", "big/new") },
		"data/more":   func() error { return relink("big/more", "../elsewhere") },
		"data (link)": func() error { return relink("data", "elsewhere") },
	} {
		w := New(AppendSource(nil, "data", nil))
		if err := change(); err != nil {
			t.Fatal(err)
		}
		changed := w.Wait(t.Context())
		w.Close()
		found := false
		for _, path := range changed {
			found = found || plain.Near(path) == want || plain.Near(path) == want+" (link)"
		}
		if !found {
			t.Errorf("for %s, %v changed", want, changed)
		}
		for _, put := range []func(){
			func() { os.Remove("big/new") },
			func() { relink("big/more", "../other") },
			func() { relink("data", "big") },
			func() { os.WriteFile("big/a", []byte("x"), 0o666); os.WriteFile("other/b", []byte("x"), 0o666) },
		} {
			put()
		}
	}
}

func relink(link, to string) error {
	os.Remove(link)
	return os.Symlink(to, link)
}
