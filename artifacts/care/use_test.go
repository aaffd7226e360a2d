package care

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"assay/artifacts"
	"assay/artifacts/disk"
	"assay/artifacts/filetest"
	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
)

// sharedStore and sharedKey tell the process of another user where a store lies,
// and what to look for there.
const (
	sharedStore = "ASSAY_TEST_SHARED_STORE"
	sharedKey   = "ASSAY_TEST_SHARED_KEY"
)

// TestUseOfAnothersRecordIsRemembered has a user find what root made, in a store
// that both may write to: gc is to see that it is used.
func TestUseOfAnothersRecordIsRemembered(t *testing.T) {
	if dir := os.Getenv(sharedStore); dir != "" {
		useAnothersRecord(t, dir)
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can be another user")
	}
	s, _ := storetest.Open(t)
	r := storetest.PutResult(t, s, "r", 1, storetest.Sample)
	src := t.TempDir()
	filetest.WriteFiles(t, src, map[string]string{"f": "x"})
	if _, err := s.Scan(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	memo := storetest.MemoOf(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	filetest.Age(t, s.ResultPath(r.Key), 40)
	filetest.Age(t, memo, 40)
	filetest.Shell(t, s.Dir(), "chmod -R a+rwX .; chmod 444 blobs/*/*; chmod a+rx .. ../..")
	filetest.AsNobody(t, nil, sharedStore+"="+s.Dir(), sharedKey+"="+r.Key.String())
	for _, path := range []string{s.ResultPath(r.Key), memo} {
		st, err := os.Stat(path)
		if err != nil || path != memo && (disk.IsOwn(st) || time.Since(st.ModTime()) > time.Hour) {
			t.Errorf("%s: %v, %v", filepath.Base(path), st, err)
		}
	}
	again, err := store.Open(s.Dir(), func(w string) { t.Error(w) })
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if done := gcNow(t, again, GC{Keep: month}); len(done.Lost) != 0 {
		t.Errorf("gc takes what was used today: %v", done.Lost)
	}
	checkClean(t, again)
}

func useAnothersRecord(t *testing.T, dir string) {
	key, err := artifacts.ParseDigest(os.Getenv(sharedKey))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(dir, func(w string) { t.Error(w) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Lookup(key, false); err != nil {
		t.Error(err)
	}
}
