package artifacts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestPublishOneAtATime puts two artifacts into one folder at once, as two
// processes do: one of them lies there in the end, whole.
func TestPublishOneAtATime(t *testing.T) {
	s, _ := OpenTemp(t)
	other, err := Open(s.Dir(), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var trees [2]Tree
	for i := range trees {
		files := map[string]string{}
		for k := range 30 {
			files[fmt.Sprintf("%d/f", k)] = fmt.Sprint(i)
			files[fmt.Sprintf("only-%d/%d", i, k)] = "x"
		}
		trees[i] = CommitFiles(t, s, files)
	}
	dir := filepath.Join(t.TempDir(), "out")
	for range 10 {
		var g sync.WaitGroup
		for i, st := range []*Store{s, other} {
			g.Go(func() {
				if _, err := st.Publish(t.Context(), Publication{Tree: trees[i], Dir: dir}); err != nil {
					t.Error(err)
				}
			})
		}
		g.Wait()
		if got, err := treeOf(dir); err != nil || got.Digest() != trees[0].Digest() && got.Digest() != trees[1].Digest() {
			t.Fatalf("a mixture of %d files, %v", len(got), err)
		}
	}
}

// TestPublishWaits takes the folder as another store's process would, and lets go
// of it.
func TestPublishWaits(t *testing.T) {
	said := make(chan string, 1)
	s, err := Open(filepath.Join(t.TempDir(), "store"), func(w string) { said <- w })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	other, _ := OpenTemp(t)
	dir := filepath.Join(t.TempDir(), "a", "out")
	hold := newOutside(dir)
	if err := hold.acquire(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	p := Publication{Tree: CommitFiles(t, s, Sample), Dir: dir}
	stopped, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { _, err := s.Publish(stopped, p); done <- err }()
	if w := <-said; !strings.Contains(w, "waiting for it") {
		t.Errorf("warning %q", w)
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	go func() { _, err := s.Publish(t.Context(), p); done <- err }()
	<-said
	hold.release() // takes the folder that it made away, under the eyes of who waits
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got, err := treeOf(dir); err != nil || got.Digest() != p.Tree.Digest() {
		t.Errorf("%d files, %v", len(got), err)
	}
}

// TestFoldersThatServedNothingGo has a publication fail after its folder was made.
func TestFoldersThatServedNothingGo(t *testing.T) {
	s, _ := OpenTemp(t)
	base := t.TempDir()
	tree := CommitFiles(t, s, Sample)
	os.Remove(s.Path(tree[0].Digest))
	if _, err := s.Publish(t.Context(), Publication{Tree: tree, Dir: filepath.Join(base, "x", "y")}); err == nil {
		t.Error("published what is not there")
	}
	if _, err := s.Export(t.Context(), tree, filepath.Join(base, "x", "y"), true); err == nil {
		t.Error("exported what is not there")
	}
	if got := lying(t, base); got != "./" {
		t.Errorf("there lies %s", got)
	}
}

// TestExportFollowsNoLinks has links in a folder that is exported to: nothing is
// written, in the folder or where they lead.
func TestExportFollowsNoLinks(t *testing.T) {
	s, _ := OpenTemp(t)
	tree := CommitFiles(t, s, Sample)
	for script, want := range map[string]string{
		"ln -s ../else sub":                 "sub is a link, and below",
		"mkdir sub; ln -s .. sub/deep":      "sub/deep is a link, and below",
		"ln -s ../else/mine a.txt":          "a.txt is there and is not a plain file but a link",
		"ln -s nowhere z":                   "z is there and is not a plain file but a link",
		"ln -s else/mine ../out.SHA256SUMS": "out.SHA256SUMS is there and is not a plain file but a link",
		"mkdir z":                           "z is there and is not a plain file but a folder",
		"echo mine > sub":                   "sub is a file, where a folder should be",
		"mkfifo a.txt":                      "not a plain file but a named pipe",
	} {
		base := t.TempDir()
		dir := filepath.Join(base, "out")
		WriteFiles(t, base, map[string]string{"else/mine": "mine"})
		os.Mkdir(dir, 0o777)
		Shell(t, dir, script)
		before := NamesIn(t, base)
		if _, err := s.Export(t.Context(), tree, dir, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", script, err, want)
		}
		if after := NamesIn(t, base); fmt.Sprint(after) != fmt.Sprint(before) || string(ReadFile(t, filepath.Join(base, "else", "mine"))) != "mine" {
			t.Errorf("%s: it failed and changed %v to %v", script, before, after)
		}
	}
}

// TestFolderMayBeALink exports and publishes to where a link leads: that much is
// the person's own wish.
func TestFolderMayBeALink(t *testing.T) {
	s, _ := OpenTemp(t)
	tree := CommitFiles(t, s, Sample)
	base := t.TempDir()
	Shell(t, base, "mkdir real; ln -s real link")
	for range 2 {
		if _, err := s.Publish(t.Context(), Publication{Tree: tree, Dir: filepath.Join(base, "link", "a")}, Publication{Tree: tree, Dir: filepath.Join(base, "link")}); err != nil {
			t.Fatal(err)
		}
	}
	if got := ReadFile(t, filepath.Join(base, "real", "a", "a.txt")); string(got) != "one" {
		t.Errorf("a.txt is %q", got)
	}
	if _, err := s.Export(t.Context(), tree, filepath.Join(base, "link"), false); err != nil {
		t.Error(err)
	}
}
