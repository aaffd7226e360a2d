package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"assay/artifacts/store"
)

// Nobody has the store alone while another machine or a job of a cluster is at work in it.
func TestExclusiveAbroad(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s, err := store.Open(dir, func(w string) { t.Log(w) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	free := func() bool {
		release, err := s.Exclusive()
		if err == nil {
			release()
		} else if !errors.Is(err, store.ErrBusy) {
			t.Fatal(err)
		}
		return err == nil
	}
	if !free() {
		t.Fatal("an idle store is busy")
	}
	lock := filepath.Join(dir, "tmp", "work-elsewhere.zzzzzzzz-1.lock")
	if err := os.WriteFile(lock, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if free() {
		t.Error("a process of another machine does not count")
	}
	old := time.Now().Add(-24 * time.Hour)
	os.Chtimes(lock, old, old)
	if !free() {
		t.Error("a dead process of another machine counts for ever")
	}
	set := filepath.Join(dir, store.ClusterDir, "abcdefghij")
	if err := errors.Join(os.MkdirAll(set, 0o777), os.WriteFile(filepath.Join(set, "open"), nil, 0o666)); err != nil {
		t.Fatal(err)
	}
	if free() {
		t.Error("jobs of a cluster do not count")
	}
}
