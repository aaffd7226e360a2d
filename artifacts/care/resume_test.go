package care

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"assay/artifacts"
	"assay/artifacts/filetest"
	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
)

// leaveProgress leaves a file of progress of an action, as a killed step does.
func leaveProgress(t *testing.T, s *store.Store, key artifacts.Digest, days int) {
	t.Helper()
	dir, err := store.OpenResume(s.ResumePath(key))
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if err := dir.WriteFile("epoch", []byte("12345"), 0o666); err != nil {
		t.Fatal(err)
	}
	filetest.Age(t, filepath.Join(s.ResumePath(key), "epoch"), days)
	filetest.Age(t, s.ResumePath(key), days+1)
}

func TestGCDropsProgressOfTheFinishedAndTheOld(t *testing.T) {
	s, _ := storetest.Open(t)
	finished := storetest.PutResult(t, s, "finished", 1, storetest.Sample).Key
	old, recent := artifacts.Of([]byte("old")), artifacts.Of([]byte("recent"))
	for key, days := range map[artifacts.Digest]int{finished: 1, old: 40, recent: 29} {
		leaveProgress(t, s, key, days)
	}
	u, err := UsageByKind(t.Context(), s)
	if err != nil || u.Resume != 15 || u.Total != u.Results+u.Orphans+u.Memos+u.Other+15 {
		t.Errorf("%+v, %v", u, err)
	}
	checkClean(t, s)
	done := gcNow(t, s, GC{Keep: month})
	if done.Progress != 2 || done.ProgressBytes != 10 || done.Freed != 10 || done.Empty() {
		t.Errorf("%+v", done)
	}
	if got := filetest.NamesIn(t, filepath.Join(s.Dir(), store.ResumeDir)); !slices.Equal(got,
		[]string{".", recent.String(), recent.String() + "/epoch"}) {
		t.Errorf("left %q", got)
	}
	if again := gcNow(t, s, GC{Keep: month}); !again.Empty() {
		t.Errorf("a second collection: %+v", again)
	}
}

// What a collection leaves counts against the size that the store may have.
func TestProgressCountsAsLeft(t *testing.T) {
	s, _ := storetest.Open(t)
	before := gcNow(t, s, GC{Keep: month}).Left
	leaveProgress(t, s, artifacts.Of([]byte("a")), 0)
	if after := gcNow(t, s, GC{Keep: month}).Left; after != before+5 {
		t.Errorf("%d bytes, then %d", before, after)
	}
}

// What is not named by an action key is somebody's: it is named, and stays.
func TestOthersAmongProgress(t *testing.T) {
	s, _ := storetest.Open(t)
	root := filepath.Join(s.Dir(), store.ResumeDir)
	theirs := t.TempDir()
	filetest.WriteFiles(t, theirs, map[string]string{"f": "mine"})
	key := artifacts.Of([]byte("a")).String()
	filetest.WriteFiles(t, root, map[string]string{"thesis/f": "mine", artifacts.Of([]byte("b")).String(): "a file"})
	if err := os.Symlink(theirs, filepath.Join(root, key)); err != nil {
		t.Fatal(err)
	}
	before := filetest.NamesIn(t, root)
	if done := gcNow(t, s, GC{Keep: -time.Hour}); done.Progress != 0 || len(done.Strays) != 3 {
		t.Errorf("%+v", done)
	}
	if after := filetest.NamesIn(t, root); !slices.Equal(before, after) {
		t.Errorf("of %v there is left %v", before, after)
	}
	got, err := Check(t.Context(), s, true, nil)
	if err != nil || len(got.Problems) != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	if string(filetest.ReadFile(t, filepath.Join(theirs, "f"))) != "mine" {
		t.Error("a file outside was changed")
	}
}

// A link in the place of the folder is not followed.
func TestALinkAmongTheFoldersOfProgress(t *testing.T) {
	s, _ := storetest.Open(t)
	theirs, key := t.TempDir(), artifacts.Of([]byte("a"))
	filetest.WriteFiles(t, theirs, map[string]string{key.String() + "/f": "mine"})
	if err := os.Symlink(theirs, filepath.Join(s.Dir(), store.ResumeDir)); err != nil {
		t.Fatal(err)
	}
	if dir, err := store.OpenResume(s.ResumePath(key)); err == nil {
		t.Error("a step was given the folder", dir.Name())
	}
	if err := s.DropResume(key); err == nil {
		t.Error("progress was removed through a link")
	}
	if done := gcNow(t, s, GC{Keep: -time.Hour}); len(done.Strays) != 1 {
		t.Errorf("%+v", done)
	}
	if string(filetest.ReadFile(t, filepath.Join(theirs, key.String(), "f"))) != "mine" {
		t.Error("a file outside was changed")
	}
}
