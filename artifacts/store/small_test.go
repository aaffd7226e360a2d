package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// scanOne scans a single file with a store that is opened for that, and returns its digest.
func scanOne(t *testing.T, dir, file string) artifacts.Digest {
	t.Helper()
	s, err := Open(dir, func(msg string) { t.Log(msg) })
	if err != nil {
		t.Fatal(err)
	}
	src, err := s.Scan(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutTree(artifacts.Tree{{Name: "keeps the store", Digest: src.Tree[0].Digest}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return src.Tree[0].Digest
}

// pretend makes the store remember a digest of a file, as if it had been hashed at a time.
func pretend(t *testing.T, dir, file string, d artifacts.Digest, hashed time.Time) {
	t.Helper()
	st, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &small{files: map[string]smallFile{file: {d, disk.StampOf(st), hashed.UnixNano(), true}}, dirty: true, read: true}
	of, err := Open(dir, func(msg string) { t.Log(msg) })
	if err != nil {
		t.Fatal(err)
	}
	s.write(of)
	if err := of.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestSmallFilesAreRemembered(t *testing.T) {
	dir, file := filepath.Join(t.TempDir(), "store"), filepath.Join(t.TempDir(), "one.txt")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("one")
	one, fake := artifacts.Of([]byte("one")), artifacts.Of([]byte("fake"))
	if got := scanOne(t, dir, file); got != one {
		t.Errorf("digest %s, want %s", got.Short(), one.Short())
	}
	pretend(t, dir, file, fake, time.Now().Add(time.Minute))
	if got := scanOne(t, dir, file); got != fake {
		t.Error("a file that is remembered is read again")
	}
	pretend(t, dir, file, fake, time.Now())
	if got := scanOne(t, dir, file); got != one {
		t.Error("a file is believed that may have been written as it was hashed")
	}
	pretend(t, dir, file, fake, time.Now().Add(time.Minute))
	write("two")
	if got := scanOne(t, dir, file); got != artifacts.Of([]byte("two")) {
		t.Error("a changed file is believed")
	}
	write("one")
	pretend(t, dir, file, fake, time.Now().Add(time.Minute))
	at := filepath.Join(dir, "sources", "files")
	text, err := os.ReadFile(at)
	if err != nil || !IsFiles(text) {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1
	if err := os.WriteFile(at, text, 0o644); err != nil || IsFiles(text) {
		t.Fatal(err)
	}
	if got := scanOne(t, dir, file); got != one {
		t.Error("a damaged memory is believed")
	}
}

// TestGlance compares a glance with what Whole says, for blobs in every state.
func TestGlance(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "store"), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put := func(name string) artifacts.Digest {
		tree := artifacts.Tree{{Name: name}}
		if err := s.PutTree(tree); err != nil {
			t.Fatal(err)
		}
		return tree.Digest()
	}
	sealed, unsealed, damaged, link := put("sealed"), put("unsealed"), put("damaged"), put("link")
	err = errors.Join(os.Chtimes(s.Path(unsealed), time.Now(), time.Now()), os.Chmod(s.Path(damaged), 0o644),
		os.Rename(s.Path(link), s.Path(link)+".aside"), os.Symlink(s.Path(sealed), s.Path(link)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Path(damaged), []byte("spoilt"), 0o644); err != nil {
		t.Fatal(err)
	}
	g := s.Glance([]artifacts.Digest{sealed, damaged, unsealed, link, sealed}) // one twice, one not at all
	for name, test := range map[string]struct {
		d    artifacts.Digest
		want bool
	}{
		"sealed": {sealed, true}, "unsealed": {unsealed, true}, "damaged": {damaged, false}, "a link": {link, false},
		"nothing": {artifacts.Of(nil), false},
	} {
		if got := g.Whole(test.d); got != test.want || got != s.Whole(test.d, false) {
			t.Errorf("%s: whole is %v, want %v", name, got, test.want)
		}
	}
}
