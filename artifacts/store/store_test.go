package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"assay/artifacts"
	"assay/artifacts/filetest"
	"assay/artifacts/source"
)

func open(t *testing.T) (*Store, *[]string) {
	t.Helper()
	var warnings []string
	s, err := Open(filepath.Join(t.TempDir(), "store"), func(w string) { warnings = append(warnings, w) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, &warnings
}

func commit(t *testing.T, s *Store, files map[string]string) artifacts.Tree {
	t.Helper()
	sc, err := s.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	defer sc.Release()
	dir := sc.Dir
	filetest.WriteFiles(t, dir, files)
	tree, _, err := s.Commit(dir, Inputs{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// action records a result of one output, "out", that reads what is given.
func action(t *testing.T, s *Store, name string, took time.Duration, files map[string]string, inputs ...artifacts.Digest) *Result {
	t.Helper()
	text := "assay action 1\nkind k@1\nparams {\"name\":\"" + name + "\"}\n"
	for i, in := range inputs {
		text += fmt.Sprintf("input in%d[x=a b] %s\n", i, in)
	}
	r := &Result{Text: []byte(text + "output out\n"), Outputs: []Output{{"out", commit(t, s, files)}}, Took: took}
	r.Key = artifacts.Of(r.Text)
	if err := s.PutResult(r); err != nil {
		t.Fatal(err)
	}
	return r
}

func isHit(s *Store, r *Result) bool {
	_, err := s.Lookup(r.Key, true)
	return err == nil
}

var sample = map[string]string{"a.txt": "one", "sub/b.txt": "two", "sub/deep/c.txt": "one", "z": "", "a b": "blank"}

func TestTreeDigestIsWhatTheShellSays(t *testing.T) {
	dir := t.TempDir()
	filetest.WriteFiles(t, dir, sample)
	c := exec.Command("sh", "-c", `find * -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum | sha256sum`)
	c.Dir = dir
	out, err := c.Output()
	if err != nil {
		t.Skip("no sha256sum here:", err)
	}
	s, _ := open(t)
	if got := commit(t, s, sample).Digest().String(); got != strings.Fields(string(out))[0] {
		t.Errorf("digest %s, the shell says %s", got, out)
	}
}

func TestTreeReadsBack(t *testing.T) {
	s, _ := open(t)
	tree := commit(t, s, sample)
	again, err := s.ReadTree(tree.Digest())
	if err != nil {
		t.Fatal(err)
	}
	fsys := s.FS(again)
	if err := fstest.TestFS(fsys, "a.txt", "sub/b.txt", "sub/deep/c.txt", "z", "a b"); err != nil {
		t.Error(err)
	}
	f, err := fsys.Open("a.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, ok := f.(io.ReaderAt); !ok {
		t.Error("files are not io.ReaderAt")
	}
}

func TestBlobsAreReadOnlyAndNamedByTheirDigest(t *testing.T) {
	s, _ := open(t)
	commit(t, s, sample)
	blobs, _ := filepath.Glob(filepath.Join(s.dir, "blobs", "*", "*"))
	if len(blobs) != 5 { // one, two, empty, blank, the list of files
		t.Errorf("%d blobs", len(blobs))
	}
	for _, b := range blobs {
		st, _ := os.Stat(b)
		if d, err := artifacts.HashFile(b); err != nil || d.String() != filepath.Base(b) || st.Mode().Perm() != 0o444 {
			t.Errorf("%s: %v %v %v", b, d, st.Mode(), err)
		}
	}
}

func TestCommitRefusesWhatIsNotAFile(t *testing.T) {
	s, _ := open(t)
	sc, _ := s.Scratch()
	dir := sc.Dir
	os.Symlink("/etc/passwd", filepath.Join(dir, "link"))
	if _, _, err := s.Commit(dir, Inputs{}); err == nil || !strings.Contains(err.Error(), "link") {
		t.Errorf("error %v", err)
	}
	os.Remove(filepath.Join(dir, "link"))
	os.WriteFile(filepath.Join(dir, "a\nb"), nil, 0o666)
	if _, _, err := s.Commit(dir, Inputs{}); err == nil || !strings.Contains(err.Error(), `"a\nb"`) {
		t.Errorf("error %v", err)
	}
}

func TestResult(t *testing.T) {
	s, warnings := open(t)
	tree := commit(t, s, sample)
	r := &Result{Text: []byte("assay action 1\nkind x@1\n"), Outputs: []Output{{"out", tree}}, Took: time.Second,
		Notes: []artifacts.Note{{Count: "a", N: 1}, {Warning: "\"odd\"\nnote"}}}
	r.Key = artifacts.Of(r.Text)
	if _, err := s.Lookup(r.Key, false); !errors.Is(err, ErrMiss) {
		t.Fatalf("before: %v", err)
	}
	if err := s.PutResult(r); err != nil {
		t.Fatal(err)
	}
	got, err := s.Lookup(r.Key, true)
	if err != nil || len(got.Outputs) != 1 || got.Notes[1] != r.Notes[1] || got.Took != time.Second {
		t.Fatalf("%+v, %v", got, err)
	}
	damage := s.Path(tree[1].Digest)
	st, _ := os.Stat(damage)
	os.Chmod(damage, 0o644)
	os.WriteFile(damage, []byte("ono"), 0o644)
	os.Chtimes(damage, st.ModTime(), st.ModTime()) // hides from a stat, not from a hash
	if _, err := s.Lookup(r.Key, false); err != nil {
		t.Errorf("a shallow look-up noticed: %v", err)
	}
	if _, err := s.Lookup(r.Key, true); !errors.Is(err, ErrMiss) || len(*warnings) != 1 {
		t.Errorf("deep: %v, warnings %q", err, *warnings)
	}
	if rec, err := s.Record(r.Key); err != nil || string(rec.Text) != string(r.Text) {
		t.Errorf("record %+v, %v", rec, err)
	}
}

func TestDamagedRecordIsAMiss(t *testing.T) {
	s, _ := open(t)
	r := &Result{Text: []byte("assay action 1\n")}
	r.Key = artifacts.Of(r.Text)
	for _, text := range []string{"", "assay result 1", "assay result 1\noutput x y\n\n" + string(r.Text), "assay result 1\n\nother text"} {
		if err := s.WriteFile(s.ResultPath(r.Key), []byte(text)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Lookup(r.Key, false); !errors.Is(err, ErrMiss) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestSweepLeavesTheLiving(t *testing.T) {
	s, _ := open(t)
	mine, err := s.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	dead := filepath.Join(s.dir, "tmp", "work-1")
	os.Mkdir(dead, 0o777)
	os.WriteFile(dead+".lock", nil, 0o666)
	other, err := Open(s.dir, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Scratch(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(mine.Dir); err != nil {
		t.Error("a living process lost its work:", err)
	}
	if _, err := os.Stat(dead); err == nil {
		t.Error("a dead process's work was left")
	}
}

func scan(t *testing.T, s *Store, dir string) *source.Source {
	t.Helper()
	src, err := s.Scan(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// age makes a file look as if it had been written long before it was hashed.
func age(t *testing.T, s *Store, root string) {
	t.Helper()
	path := memory{s}.path(root)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(text), "\n")
	word := strings.Fields(head)
	word[3] = "9000000000000000000"
	if err := os.WriteFile(path, []byte(strings.Join(word, " ")+"\n"+rest), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestScanRemembers(t *testing.T) {
	s, _ := open(t)
	dir := t.TempDir()
	filetest.WriteFiles(t, dir, sample)
	first := scan(t, s, dir)
	want := commit(t, s, sample)
	if string(first.Tree.Text()) != string(want.Text()) {
		t.Fatalf("scan\n%scommit\n%s", first.Tree.Text(), want.Text())
	}
	// A digest in the memo that is not the file's shows whether it is believed.
	age(t, s, dir)
	path := memory{s}.path(dir)
	memo, _ := os.ReadFile(path)
	fake := strings.Replace(string(memo), artifacts.Of([]byte("two")).String(), artifacts.Of([]byte("fake")).String(), 1)
	os.WriteFile(path, []byte(fake), 0o666)
	if d, _ := scan(t, s, dir).Tree.Lookup("sub/b.txt"); d != artifacts.Of([]byte("fake")) {
		t.Error("an unchanged file was read again")
	}
	now := time.Now().Add(time.Minute)
	os.Chtimes(filepath.Join(dir, "sub/b.txt"), now, now)
	if d, _ := scan(t, s, dir).Tree.Lookup("sub/b.txt"); d != artifacts.Of([]byte("two")) {
		t.Error("a touched file was not read again")
	}
	os.WriteFile(path, []byte("rubbish"), 0o666)
	if got := scan(t, s, dir); string(got.Tree.Text()) != string(want.Text()) {
		t.Error("a damaged memo made a difference")
	}
}

func TestScanDistrustsFilesWrittenAsTheyWereHashed(t *testing.T) {
	s, _ := open(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	os.WriteFile(path, []byte("aaa"), 0o666)
	st, _ := os.Stat(path)
	scan(t, s, dir)
	// Written again, same size, in the same instant as far as times can tell.
	os.WriteFile(path, []byte("bbb"), 0o666)
	os.Chtimes(path, st.ModTime(), st.ModTime())
	if d, _ := scan(t, s, dir).Tree.Lookup("f"); d != artifacts.Of([]byte("bbb")) {
		t.Error("the second writing was not seen")
	}
}

func TestScanNoticesChange(t *testing.T) {
	s, _ := open(t)
	dir := t.TempDir()
	filetest.WriteFiles(t, dir, sample)
	src := scan(t, s, dir)
	if err := src.Unchanged(src.Tree); err != nil {
		t.Error(err)
	}
	os.WriteFile(filepath.Join(dir, "z"), []byte("more"), 0o666)
	if err := src.Unchanged(src.Tree); !errors.Is(err, source.ErrChanged) || !strings.Contains(err.Error(), "z") {
		t.Errorf("error %v", err)
	}
}

func TestScanOfOneFileAndOfBadThings(t *testing.T) {
	s, _ := open(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "only.txt")
	os.WriteFile(file, []byte("x"), 0o666)
	src := scan(t, s, file)
	if len(src.Tree) != 1 || src.Tree[0].Name != "only.txt" {
		t.Errorf("tree %v", src.Tree)
	}
	if _, err := src.FS(src.Tree).Open("only.txt"); err != nil {
		t.Error(err)
	}
	if _, err := s.Scan(context.Background(), filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
	os.Symlink(os.DevNull, filepath.Join(dir, "dev"))
	if _, err := s.Scan(context.Background(), dir); err == nil || !strings.Contains(err.Error(), "dev") {
		t.Errorf("error %v", err)
	}
}

// TestCommitOfManyFiles is over the number that are flushed together.
func TestCommitOfManyFiles(t *testing.T) {
	s, _ := open(t)
	files := map[string]string{}
	for i := range 300 {
		files[fmt.Sprintf("d%d/f%d", i%7, i)] = fmt.Sprint("content ", i%250) // some are equal
	}
	tree := commit(t, s, files)
	if len(tree) != len(files) {
		t.Fatalf("%d files, want %d", len(tree), len(files))
	}
	for _, f := range tree {
		if got, err := os.ReadFile(s.Path(f.Digest)); err != nil || string(got) != files[f.Name] || !s.Whole(f.Digest, true) {
			t.Fatalf("%s: %q, %v", f.Name, got, err)
		}
	}
}
