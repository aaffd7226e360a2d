package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/filetest"
	"assay/artifacts/source"
	"assay/artifacts/work"
)

// place is a folder of an action, with an output o.
func place(t *testing.T, s *Store) (sc *work.Scratch, out string) {
	t.Helper()
	sc, err := s.Scratch("in/src", "out/o")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sc.Release)
	return sc, filepath.Join(sc.Dir, "out", "o")
}

// TestCommitLeavesFilesWithOtherNamesAlone commits files that are known by names
// outside the output: mode, time and content of those stay as they are.
func TestCommitLeavesFilesWithOtherNamesAlone(t *testing.T) {
	s, _ := open(t)
	_, out := place(t, s)
	outside := filepath.Join(t.TempDir(), "tool")
	old := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	err := errors.Join(os.WriteFile(outside, []byte("text"), 0o755), os.Chmod(outside, 0o755), os.Chtimes(outside, old, old),
		os.Link(outside, filepath.Join(out, "a")), os.Link(outside, filepath.Join(out, "b")))
	if err != nil {
		t.Fatal(err)
	}
	tree, said, err := s.Commit(out, Inputs{})
	if err != nil || len(tree) != 2 || tree[0].Digest != artifacts.Of([]byte("text")) || tree[1].Digest != tree[0].Digest || len(said) > 0 {
		t.Fatalf("%v %q %v", tree, said, err)
	}
	if err := s.unsealed.seal(s); err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(outside)
	if err != nil || st.Mode().Perm() != 0o755 || !st.ModTime().Equal(old) {
		t.Errorf("the file outside is %v of %v; %v", st.Mode(), st.ModTime(), err)
	}
	if err := os.WriteFile(outside, []byte("new!"), 0o755); err != nil {
		t.Error(err)
	}
	checkBlobs(t, s)
}

// TestCommitMovesLinksWithin commits one file with two names in the output: it is
// moved, not copied.
func TestCommitMovesLinksWithin(t *testing.T) {
	s, _ := open(t)
	_, out := place(t, s)
	filetest.WriteFiles(t, out, map[string]string{"sub/a": "text"})
	if err := os.Link(filepath.Join(out, "sub", "a"), filepath.Join(out, "b")); err != nil {
		t.Fatal(err)
	}
	was, _ := os.Stat(filepath.Join(out, "b"))
	tree, _, err := s.Commit(out, Inputs{})
	if err != nil || len(tree) != 2 {
		t.Fatal(tree, err)
	}
	st, err := os.Stat(s.Path(tree[0].Digest))
	if err != nil || !os.SameFile(was, st) {
		t.Errorf("it was copied; %v", err)
	}
}

// TestCommitOfALinkToABlob commits a file that is also a blob of the store, as
// inputs may be: the blob stays sealed.
func TestCommitOfALinkToABlob(t *testing.T) {
	s, _ := open(t)
	d, _ := blob(t, s)
	if err := s.unsealed.seal(s); err != nil {
		t.Fatal(err)
	}
	_, out := place(t, s)
	if err := os.Link(s.Path(d), filepath.Join(out, "a")); err != nil {
		t.Fatal(err)
	}
	if tree, _, err := s.Commit(out, Inputs{}); err != nil || tree[0].Digest != d {
		t.Fatal(tree, err)
	}
	if st, err := os.Stat(s.Path(d)); err != nil || !st.ModTime().Equal(Sealed) {
		t.Errorf("%v %v", st, err)
	}
}

// TestCommitCopiesWhatIsWrittenTo commits a file that a process still has open:
// what it writes later reaches no blob.
func TestCommitCopiesWhatIsWrittenTo(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells who writes")
	}
	s, _ := open(t)
	_, out := place(t, s)
	w, err := os.Create(filepath.Join(out, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	w.WriteString("first\n")
	tree, said, err := s.Commit(out, Inputs{})
	if err != nil || len(said) != 1 || !strings.Contains(said[0], "file log is still open for writing") {
		t.Fatalf("%q %v", said, err)
	}
	w.WriteString("second\n")
	if text := filetest.ReadFile(t, s.Path(tree[0].Digest)); string(text) != "first\n" {
		t.Errorf("the blob holds %q", text)
	}
	checkBlobs(t, s)
}

func TestCommitSaysWhatIsNotKept(t *testing.T) {
	s, _ := open(t)
	_, out := place(t, s)
	filetest.WriteFiles(t, out, map[string]string{"a": "x"})
	os.MkdirAll(filepath.Join(out, "deep", "er"), 0o777)
	os.Mkdir(filepath.Join(out, "empty"), 0o777)
	_, said, err := s.Commit(out, Inputs{})
	if err != nil || len(said) != 1 || !strings.HasPrefix(said[0], "folder deep/er (and 1 more) is empty") {
		t.Errorf("%q %v", said, err)
	}
}

func TestCommitOfAFolderThatIsNoMore(t *testing.T) {
	s, _ := open(t)
	for what, want := range map[string]string{
		"rmdir o": "its folder is gone", "rmdir o; ln -s / o": "replaced by a link", "rmdir o; echo > o": "replaced by a file", "mkfifo o/p": "p is a named pipe",
	} {
		_, out := place(t, s)
		filetest.Shell(t, filepath.Dir(out), what)
		if _, _, err := s.Commit(out, Inputs{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", what, err, want)
		}
	}
}

// TestCommitTakesWhatLinksLeadTo has links into the output, into inputs and out
// of both.
func TestCommitTakesWhatLinksLeadTo(t *testing.T) {
	s, _ := open(t)
	data := t.TempDir()
	filetest.WriteFiles(t, data, map[string]string{"f": "source", "sub/g": "below", "unread": "no input"})
	src := scan(t, s, data)
	part := src.Tree.Filter(func(name string) bool { return name != "unread" })
	d, _ := blob(t, s)
	for _, c := range []struct{ name, script, want string }{
		{"file", "echo -n 1 > v1; ln -s v1 latest", "latest=1 v1=1"},
		{"absolute", "echo -n 1 > v1; ln -s $PWD/v1 latest", "latest=1 v1=1"},
		{"chain", "echo -n 1 > v1; ln -s v1 a; ln -s a b", "a=1 b=1 v1=1"},
		{"folder", "mkdir d; echo -n 1 > d/f; ln -s f d/l; ln -s d e", "d/f=1 d/l=1 e/f=1 e/l=1"},
		{"out and in again", "echo -n 1 > v1; ln -s ../o/v1 a", "a=1 v1=1"},
		{"through a link and back", "mkdir -p d/e; echo -n 1 > d/f; echo -n 2 > f; ln -s d/e l; ln -s l/../f a", "a=1 d/f=1 f=2"},
		{"laid out", "ln -s ../../in/src/f a", "a=source"},
		{"laid out, a folder", "ln -s ../../in/src a", "a/f=source a/sub/g=below"},
		{"a link laid out", "ln -s ../../in/link a", "a=source"},
		{"source", "ln -s DATA/f a", "a=source"},
		{"source's folder", "ln -s DATA/sub a; ln -s DATA b", "a/g=below b/f=source b/sub/g=below"},
		{"blob", "ln -s BLOB a", "a=some content"},
		{"not an input", "ln -s DATA/unread a", "a is a link to DATA/unread, which is neither in this output nor in an input"},
		{"outside", "ln -s /etc/passwd a", "a is a link to /etc/passwd, which is neither"},
		{"outside by a folder", "mkdir d; ln -s /etc d/a", "d/a is a link to /etc, which is neither"},
		{"outside by a link laid out", "ln -s /etc/passwd ../../in/x; ln -s ../../in/x a", "which is neither"},
		{"nowhere", "ln -s gone a", "a is a link to gone, where there is nothing"},
		{"itself", "ln -s a a", "a is one of some links that lead to each other"},
		{"each other", "ln -s a b; ln -s b a", "is one of some links"},
		{"its own folder", "mkdir d; ln -s . d/a", "is one of some links"},
		{"a folder above", "mkdir -p d/e; ln -s ../.. d/e/a", "is one of some links"},
		{"folders in each other", "mkdir a b; ln -s ../b a/x; ln -s ../a b/y", "is one of some links"},
		{"folders without end", "mkdir 0; echo > 0/f; for i in 1 2 3 4 5 6 7 8; do mkdir $i; for l in a b c d e; do ln -s ../$((i-1)) $i/$l; done; done", "for more than 100000 files"},
		{"a pipe", "mkfifo ../p; ln -s ../p a", "which is neither"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sc, out := place(t, s)
			fill := strings.NewReplacer("DATA", artifacts.RealPath(data), "BLOB", artifacts.RealPath(s.Path(d)))
			filetest.WriteFiles(t, filepath.Join(sc.Dir, "in"), map[string]string{"src/f": "source", "src/sub/g": "below"})
			os.Symlink(filepath.Join(data, "f"), filepath.Join(sc.Dir, "in", "link"))
			filetest.Shell(t, out, fill.Replace(c.script))
			in := Inputs{Dir: filepath.Join(sc.Dir, "in"), Trees: []artifacts.Tree{{{Name: "x", Digest: d}}}, Sources: []*source.Source{src}, Parts: []artifacts.Tree{part}}
			tree, _, err := s.Commit(out, in)
			if err != nil {
				if !strings.Contains(err.Error(), fill.Replace(c.want)) {
					t.Errorf("error %v, want %s", err, c.want)
				}
				return
			}
			var got []string
			for _, f := range tree {
				got = append(got, f.Name+"="+string(filetest.ReadFile(t, s.Path(f.Digest))))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%q, want %s", got, c.want)
			}
		})
	}
	for name, want := range map[string]string{"f": "source", "sub/g": "below"} {
		st, err := os.Lstat(filepath.Join(data, name))
		if err != nil || st.Mode().Perm()&0o200 == 0 || string(filetest.ReadFile(t, filepath.Join(data, name))) != want {
			t.Errorf("%s is %v, %v", name, st, err)
		}
	}
	checkBlobs(t, s)
}

// TestReadOnlyFoldersOfOutputs is run by one who is not root: a folder that a
// command made read-only is assay's own, and no reason to fail or to stay.
func TestReadOnlyFoldersOfOutputs(t *testing.T) {
	filetest.AsNobody(t, func(t *testing.T) {
		s, warnings := open(t)
		sc, out := place(t, s)
		filetest.Shell(t, sc.Dir, "mkdir -p out/o/d/e go/mod; echo 1 > out/o/d/e/f; echo 2 > out/o/d/g; echo 3 > go/mod/x; chmod 0 out/o/d/g; chmod 555 out/o/d out/o/d/e go/mod go; mkdir shut; echo > shut/x; chmod 0 shut")
		tree, _, err := s.Commit(out, Inputs{})
		if err != nil || len(tree) != 2 {
			t.Fatal(tree, err)
		}
		sc.Release()
		if err := s.Close(); err != nil || len(*warnings) > 0 {
			t.Error(err, *warnings)
		}
		if left := filetest.NamesIn(t, filepath.Join(s.dir, "tmp")); len(left) != 1 {
			t.Errorf("left: %v", left)
		}
	})
}

// TestFilesOfOthersAreCopied commits, as root, a file of another owner.
func TestFilesOfOthersAreCopied(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	s, _ := open(t)
	_, out := place(t, s)
	path := filepath.Join(out, "f")
	filetest.WriteFiles(t, out, map[string]string{"f": "theirs"})
	was, err := os.Stat(path)
	if err := errors.Join(err, os.Chown(path, filetest.Nobody, filetest.Nobody)); err != nil {
		t.Fatal(err)
	}
	tree, _, err := s.Commit(out, Inputs{})
	if err != nil {
		t.Fatal(err)
	}
	var st fs.FileInfo
	if st, err = os.Stat(s.Path(tree[0].Digest)); err != nil || os.SameFile(was, st) || !disk.IsOwn(st) {
		t.Errorf("%v %v", st, err)
	}
}

// checkBlobs fails the test if a blob is not what its name says.
func checkBlobs(t *testing.T, s *Store) {
	t.Helper()
	blobs, err := filepath.Glob(filepath.Join(s.dir, "blobs", "*", "*"))
	if err != nil || len(blobs) == 0 {
		t.Fatal("no blobs in the store", err)
	}
	for _, path := range blobs {
		if d, err := artifacts.HashFile(path); err != nil || d.String() != filepath.Base(path) {
			t.Errorf("blob %s has the digest %s (%v)", path, d, err)
		}
	}
}
