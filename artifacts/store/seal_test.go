package store

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"assay/artifacts"
)

// blob returns the only file of what is committed, and how it looks.
func blob(t *testing.T, s *Store) (artifacts.Digest, os.FileInfo) {
	t.Helper()
	d := commit(t, s, map[string]string{"f": "some content"})[0].Digest
	st, err := os.Lstat(s.Path(d))
	if err != nil {
		t.Fatal(err)
	}
	return d, st
}

func TestNewBlobsAreSealedAtTheEnd(t *testing.T) {
	s, _ := open(t)
	d, st := blob(t, s)
	if st.ModTime().Equal(Sealed) || !s.Whole(d, false) {
		t.Errorf("new: %v, whole %v", st.ModTime(), s.Whole(d, false))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Lstat(s.Path(d)); err != nil || !st.ModTime().Equal(Sealed) {
		t.Errorf("after the end: %v, %v", st.ModTime(), err)
	}
}

func TestNewBlobsAreSealedMeanwhile(t *testing.T) {
	s, _ := open(t)
	s.unsealed.every = 10 * time.Millisecond
	d, _ := blob(t, s)
	for range 1000 {
		if st, err := os.Lstat(s.Path(d)); err == nil && st.ModTime().Equal(Sealed) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("no seal in a thousand times as long as it should wait")
}

// TestUnsealedIsHashed looks at a new blob as the next process does after a kill,
// and at one that lost its content with the machine.
func TestUnsealedIsHashed(t *testing.T) {
	for _, content := range []string{"some content", "", "some c", "anything else"} {
		s, _ := open(t)
		d, st := blob(t, s)
		path := s.Path(d)
		os.Chmod(path, 0o644)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		os.Chtimes(path, st.ModTime(), st.ModTime())
		next, err := Open(s.dir, func(string) {})
		if err != nil {
			t.Fatal(err)
		}
		defer next.Close()
		whole := content == "some content"
		if next.Whole(d, false) != whole {
			t.Errorf("%q is whole: %v", content, !whole)
		}
		st, err = os.Lstat(path)
		if whole != (err == nil && st.ModTime().Equal(Sealed)) {
			t.Errorf("%q: %v, %v", content, st, err)
		}
	}
}

func TestWhatIsWrittenToIsNotSealed(t *testing.T) {
	s, _ := open(t)
	d, _ := blob(t, s)
	os.Chmod(s.Path(d), 0o644)
	if err := os.WriteFile(s.Path(d), []byte("SOME CONTENT"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	next, err := Open(s.dir, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if next.Whole(d, false) {
		t.Error("a blob that was written to was sealed")
	}
}

// TestWhoWritesToABlobIsSaid has a process write to a blob of the store.
func TestWhoWritesToABlobIsSaid(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells who writes")
	}
	s, warnings := open(t)
	d, _ := blob(t, s)
	os.Chmod(s.Path(d), 0o644)
	f, err := os.OpenFile(s.Path(d), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.WriteString("more")
	if s.Whole(d, false) || len(*warnings) != 1 || !strings.Contains((*warnings)[0], "has it open and writes to it") {
		t.Errorf("warnings %q", *warnings)
	}
}
