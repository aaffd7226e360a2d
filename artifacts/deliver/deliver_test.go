package deliver

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/artifacts"
	"assay/artifacts/filetest"
	"assay/artifacts/store/storetest"
)

// lying returns the files below dir, and its folders that are empty.
func lying(t *testing.T, dir string) string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if !e.IsDir() {
			text, _ := os.ReadFile(path)
			out = append(out, filepath.ToSlash(rel)+"="+string(text))
		} else if list, _ := os.ReadDir(path); len(list) == 0 {
			out = append(out, filepath.ToSlash(rel)+"/")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}

func TestDeliverTellsWhoseFilesAre(t *testing.T) {
	type files map[string]string
	for _, c := range []struct {
		name          string
		first, second files  // artifacts; no first one is nothing delivered before
		meanwhile     string // what the person does, in the folder
		want          string // what lies there then, or the error
	}{
		{"replaced", files{"a": "1"}, files{"a": "2"}, "", "a=2"},
		{"own, edited", files{"a": "1"}, files{"a": "2"}, "echo mine > a", "a=2"},
		{"own, now a link", files{"a": "1"}, files{"a": "2"}, "echo mine > ../b; rm a; ln -s ../b a",
			"a (a link) is in the way"},
		{"stale", files{"a": "1", "b/c/d": "1"}, files{"a": "1"}, "", "a=1"},
		{"stale, edited", files{"a": "1", "b": "1"}, files{"a": "1"}, "printf mine > b", "a=1 b=mine"},
		{"stale beside others", files{"b/c/d": "1"}, files{"a": "1"}, "printf mine > b/mine", "a=1 b/mine=mine"},
		{"stale behind a link", files{"b/d": "1"}, files{"a": "1"}, "mv b ../b; ln -s ../b b", "a=1 b="},
		{"all stale", files{"b/d": "1"}, nil, "", "./"},
		{"file to folder", files{"a": "1"}, files{"a/b": "1"}, "", "a/b=1"},
		{"file to folder, edited", files{"a": "1"}, files{"a/b": "1"}, "echo > a",
			"a (a file in place of a folder) is in the way"},
		{"folder to file", files{"a/b/c": "1", "a/d": "1"}, files{"a": "1"}, "", "a=1"},
		{"folder to file, with others", files{"a/b": "1"}, files{"a": "1"}, "mkdir a/mine",
			"a (a folder in place of a file) is in the way"},
		{"foreign", nil, files{"a": "1", "b": "1"}, "echo mine > b", "b is in the way"},
		{"foreign, the same", nil, files{"a": "1", "b": "1"}, "printf 1 > b", "a=1 b=1"},
		{"foreign, new in the artifact", files{"a": "1"}, files{"a": "2", "b": "1"}, "echo mine > b",
			"b is in the way"},
		{"foreign folder", nil, files{"a": "1"}, "mkdir a", "a (a folder in place of a file) is in the way"},
		{"foreign pipe", nil, files{"a": "1"}, "mkfifo a", "a is in the way"},
		{"foreign link to nowhere", nil, files{"a/b": "1"}, "ln -s nowhere a", "a (a link) is in the way"},
		{"foreign link to the same", nil, files{"a": "1"}, "printf 1 > b; ln -s b a", "a (a link) is in the way"},
		{"foreign link to a folder", nil, files{"a/b": "1"}, "mkdir ../else; ln -s ../else a",
			"a (a link) is in the way"},
		{"foreign link to a folder within", nil, files{"a/b/c": "1"},
			"mkdir z; echo mine > z/c; mkdir a; ln -s ../z a/b", "a/b (a link) is in the way"},
		{"own folder, now a link", files{"a/b": "1"}, files{"a/b": "2"}, "mv a ../else; ln -s ../else a",
			"a (a link) is in the way"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := storetest.Open(t)
			dir := filepath.Join(t.TempDir(), "out")
			os.Mkdir(dir, 0o777)
			if c.first != nil {
				if _, err := Copies(t.Context(), s, Copy{Tree: storetest.CommitFiles(t, s, c.first),
					Dir: dir}); err != nil {
					t.Fatal(err)
				}
			}
			filetest.Shell(t, dir, c.meanwhile)
			before := filetest.NamesIn(t, dir)
			p := Copy{Tree: storetest.CommitFiles(t, s, c.second), Dir: dir}
			if _, err := Copies(t.Context(), s, p); err != nil {
				if !strings.Contains(err.Error(), filepath.Join(dir, c.want)) {
					t.Errorf("error %v, want %s", err, c.want)
				}
				if after := filetest.NamesIn(t, dir); !slices.Equal(before, after) {
					t.Errorf("it failed and changed %v to %v", before, after)
				}
				return
			}
			if got := lying(t, dir); got != c.want {
				t.Errorf("there lies %s, want %s", got, c.want)
			}
			if n, err := Copies(t.Context(), s, p); n != 0 || err != nil {
				t.Errorf("again: %d, %v", n, err)
			}
		})
	}
}

// TestDeliverKilled looks at what a kill leaves: each file as it was or as it
// is to be, and a record that knows both.
func TestDeliverKilled(t *testing.T) {
	s, warnings := storetest.Open(t)
	dir := t.TempDir()
	a := storetest.CommitFiles(t, s, map[string]string{"gone": "1", "same": "1", "x": "old"})
	b := storetest.CommitFiles(t, s, map[string]string{"new": "1", "same": "1", "x": "b"})
	c := storetest.CommitFiles(t, s, map[string]string{"last": "1", "same": "1"})
	if _, err := Copies(t.Context(), s, Copy{Tree: a, Dir: dir}); err != nil {
		t.Fatal(err)
	}
	pl := &delivery{s: s, Copy: Copy{Tree: b, Dir: dir}, outside: newOutside(dir)}
	if err := errors.Join(pl.acquire(t.Context(), s), pl.plan()); err != nil {
		t.Fatal(err)
	}
	pl.remember(both(pl.mine, b), true)
	if err := pl.put(artifacts.File{Name: "new", Digest: artifacts.Of([]byte("1"))}); err != nil {
		t.Fatal(err)
	}
	pl.release() // as the kernel does
	if _, err := Copies(t.Context(), s, Copy{Tree: c, Dir: dir}); err != nil {
		t.Fatal(err)
	}
	if got := lying(t, dir); got != "last=1 same=1" || len(*warnings) > 0 {
		t.Errorf("there lies %s; %q", got, *warnings)
	}
}

func TestDeliverAllOrNothing(t *testing.T) {
	s, _ := storetest.Open(t)
	tree, dir := storetest.CommitFiles(t, s, storetest.Sample), t.TempDir()
	filetest.WriteFiles(t, dir, map[string]string{"two/z": "mine"})
	_, err := Copies(t.Context(), s, Copy{Tree: tree, Dir: filepath.Join(dir, "one")},
		Copy{Tree: tree, Dir: filepath.Join(dir, "two")})
	if err == nil || lying(t, dir) != "two/z=mine" {
		t.Errorf("%v; there lies %s", err, lying(t, dir))
	}
}

func TestRecordIsReadWholeOrNotAtAll(t *testing.T) {
	text := recordText("/out", "r.yaml", both(testTree("a"), testTree("b")))
	if files, by, ok := parseRecord("/out", text); !ok || len(files) != 2 || by != "r.yaml" {
		t.Errorf("%v %v", files, ok)
	}
	if _, _, ok := parseRecord("/other", text); ok {
		t.Error("the record of another folder is believed")
	}
	for i := range text {
		if _, _, ok := parseRecord("/out", text[:i]); ok {
			t.Errorf("%d bytes of it are believed", i)
		}
	}
	if _, _, ok := parseRecord("/out", recordText("/out", "r.yaml",
		artifacts.Tree{{Name: "../a", Digest: artifacts.Of(nil)}})); ok {
		t.Error("a file out of the folder is believed")
	}
}

func testTree(text string) artifacts.Tree {
	return artifacts.Tree{{Name: "x", Digest: artifacts.Of([]byte(text))}}
}

func FuzzParseRecord(f *testing.F) {
	f.Add(recordText("/out", "r.yaml", both(testTree("a"), testTree("b"))))
	f.Fuzz(func(t *testing.T, list []byte) {
		parseRecord("/out", list)
		files, _, ok := parseRecord("/out", append([]byte(recordTop("/out", "r.yaml", list)+"\n\n"), list...))
		for _, file := range files {
			if ok && !filepath.IsLocal(filepath.FromSlash(file.Name)) {
				t.Errorf("%q is no name in a folder", file.Name)
			}
		}
	})
}

func TestRealPath(t *testing.T) {
	dir := artifacts.RealPath(t.TempDir())
	at := func(names ...string) string { return filepath.Join(append([]string{dir}, names...)...) }
	os.Mkdir(at("a"), 0o777)
	os.Symlink("a", at("link"))
	os.Symlink("nowhere", at("lost"))
	for path, want := range map[string]string{
		at("a"): at("a"), at("link"): at("a"), at("link", "x", "y"): at("a", "x", "y"), at("lost", "x"): at("lost",
			"x"), at("a") + "/./../b/": at("b"),
	} {
		if got := artifacts.RealPath(path); got != want {
			t.Errorf("%s leads to %s, want %s", path, got, want)
		}
	}
	for _, c := range []struct {
		path, dir string
		want      bool
	}{{"/a", "/a", true}, {"/a/b", "/a", true}, {"/ab", "/a", false}, {"/", "/a", false}, {"/a", "/", true}} {
		if artifacts.Within(filepath.FromSlash(c.path), filepath.FromSlash(c.dir)) != c.want {
			t.Errorf("%s in %s: want %v", c.path, c.dir, c.want)
		}
	}
}

func TestScanRefusesTheStore(t *testing.T) {
	s, _ := storetest.Open(t)
	dir := filepath.Dir(s.Dir())
	link := filepath.Join(t.TempDir(), "link")
	os.Symlink(dir, link)
	for _, root := range []string{dir, link, s.Dir()} {
		if _, err := s.Scan(t.Context(), root); err == nil || !strings.Contains(err.Error(), "the store "+s.Dir()+
			" lies in") {
			t.Errorf("%s: error %v", root, err)
		}
	}
}

func TestCopies(t *testing.T) {
	s, _ := storetest.Open(t)
	tree := storetest.CommitFiles(t, s, storetest.Sample)
	dir := t.TempDir()
	if n, err := Copies(t.Context(), s, Copy{Tree: tree, Dir: dir}); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	os.WriteFile(filepath.Join(dir, "a.txt"), []byte("edited"), 0o666)
	os.WriteFile(filepath.Join(dir, "mine"), nil, 0o666)
	if n, err := Copies(t.Context(), s, Copy{Tree: tree, Dir: dir}); n != 1 || err != nil {
		t.Error(n, err)
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "a.txt")); string(text) != "one" {
		t.Errorf("a.txt is %q", text)
	}
	if _, err := os.Stat(filepath.Join(dir, "mine")); err != nil {
		t.Error("a file that is not ours went away")
	}
}
