package deliver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"assay/artifacts"
	"assay/artifacts/filetest"
	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
)

// TestDeliverOneAtATime puts two artifacts into one folder at once, as two
// processes do: one of them lies there in the end, whole.
func TestDeliverOneAtATime(t *testing.T) {
	s, _ := storetest.Open(t)
	other, err := store.Open(s.Dir(), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var trees [2]artifacts.Tree
	for i := range trees {
		files := map[string]string{}
		for k := range 30 {
			files[fmt.Sprintf("%d/f", k)] = fmt.Sprint(i)
			files[fmt.Sprintf("only-%d/%d", i, k)] = "x"
		}
		trees[i] = storetest.CommitFiles(t, s, files)
	}
	dir := filepath.Join(t.TempDir(), "out")
	for range 10 {
		var g sync.WaitGroup
		for i, st := range []*store.Store{s, other} {
			g.Go(func() {
				if _, err := Copies(t.Context(), st, Copy{Tree: trees[i], Dir: dir}); err != nil {
					t.Error(err)
				}
			})
		}
		g.Wait()
		if got, err := treeOf(dir); err != nil || got.Digest() != trees[0].Digest() &&
			got.Digest() != trees[1].Digest() {
			t.Fatalf("a mixture of %d files, %v", len(got), err)
		}
	}
}

// TestDeliverWaits takes the folder as another store's process would, and lets go
// of it.
func TestDeliverWaits(t *testing.T) {
	said := make(chan string, 1)
	s, err := store.Open(filepath.Join(t.TempDir(), "store"), func(w string) { said <- w })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	other, _ := storetest.Open(t)
	dir := filepath.Join(t.TempDir(), "a", "out")
	hold := newOutside(dir)
	if err := hold.acquire(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	p := Copy{Tree: storetest.CommitFiles(t, s, storetest.Sample), Dir: dir}
	stopped, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { _, err := Copies(stopped, s, p); done <- err }()
	if w := <-said; !strings.Contains(w, "waiting for it") {
		t.Errorf("warning %q", w)
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	go func() { _, err := Copies(t.Context(), s, p); done <- err }()
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
	s, _ := storetest.Open(t)
	base := t.TempDir()
	tree := storetest.CommitFiles(t, s, storetest.Sample)
	os.Remove(s.Path(tree[0].Digest))
	if _, err := Copies(t.Context(), s, Copy{Tree: tree, Dir: filepath.Join(base, "x", "y")}); err == nil {
		t.Error("delivered what is not there")
	}
	if _, err := Export(t.Context(), s, tree, filepath.Join(base, "x", "y"), true); err == nil {
		t.Error("exported what is not there")
	}
	if got := lying(t, base); got != "./" {
		t.Errorf("there lies %s", got)
	}
}

// TestExportFollowsNoLinks has links in a folder that is exported to: nothing is
// written, in the folder or where they lead.
func TestExportFollowsNoLinks(t *testing.T) {
	s, _ := storetest.Open(t)
	tree := storetest.CommitFiles(t, s, storetest.Sample)
	for script, want := range map[string]string{
		"ln -s ../else sub":                 "sub is a link, and below",
		"mkdir sub; ln -s .. sub/deep":      "sub/deep is a link, and below",
		"ln -s ../else/mine a.txt":          "a.txt exists and is a link, not a plain file",
		"ln -s nowhere z":                   "z exists and is a link, not a plain file",
		"ln -s else/mine ../out.SHA256SUMS": "out.SHA256SUMS exists and is a link, not a plain file",
		"mkdir z":                           "z exists and is a folder, not a plain file",
		"echo mine > sub":                   "sub is a file in place of a folder",
		"mkfifo a.txt":                      "exists and is a named pipe, not a plain file",
	} {
		base := t.TempDir()
		dir := filepath.Join(base, "out")
		filetest.WriteFiles(t, base, map[string]string{"else/mine": "mine"})
		os.Mkdir(dir, 0o777)
		filetest.Shell(t, dir, script)
		before := filetest.NamesIn(t, base)
		if _, err := Export(t.Context(), s, tree, dir, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", script, err, want)
		}
		if after := filetest.NamesIn(t, base); fmt.Sprint(after) != fmt.Sprint(before) ||
			string(filetest.ReadFile(t, filepath.Join(base, "else", "mine"))) != "mine" {
			t.Errorf("%s: it failed and changed %v to %v", script, before, after)
		}
	}
}

// TestFolderMayBeALink exports and delivers to where a link leads: that much is
// the person's own wish.
func TestFolderMayBeALink(t *testing.T) {
	s, _ := storetest.Open(t)
	tree := storetest.CommitFiles(t, s, storetest.Sample)
	base := t.TempDir()
	filetest.Shell(t, base, "mkdir real; ln -s real link")
	for range 2 {
		if _, err := Copies(t.Context(), s, Copy{Tree: tree, Dir: filepath.Join(base, "link", "a")},
			Copy{Tree: tree, Dir: filepath.Join(base, "link")}); err != nil {
			t.Fatal(err)
		}
	}
	if got := filetest.ReadFile(t, filepath.Join(base, "real", "a", "a.txt")); string(got) != "one" {
		t.Errorf("a.txt is %q", got)
	}
	if _, err := Export(t.Context(), s, tree, filepath.Join(base, "link"), false); err != nil {
		t.Error(err)
	}
}
