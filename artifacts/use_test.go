package artifacts

import (
	"os"
	"path/filepath"
	"testing"
	"time"
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
	s, _ := open(t)
	r := action(t, s, "r", 1, sample)
	src := t.TempDir()
	writeFiles(t, src, map[string]string{"f": "x"})
	scan(t, s, src)
	memo := s.memoPath(src)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	unused(t, s.resultPath(r.Key), 40)
	unused(t, memo, 40)
	shell(t, s.dir, "chmod -R a+rwX .; chmod 444 blobs/*/*; chmod a+rx .. ../..")
	asNobody(t, nil, sharedStore+"="+s.dir, sharedKey+"="+r.Key.String())
	for _, path := range []string{s.resultPath(r.Key), memo} {
		st, err := os.Stat(path)
		if err != nil || path != memo && (isOwn(st) || time.Since(st.ModTime()) > time.Hour) {
			t.Errorf("%s: %v, %v", filepath.Base(path), st, err)
		}
	}
	again, err := Open(s.dir, func(w string) { t.Error(w) })
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
	key, err := ParseDigest(os.Getenv(sharedKey))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, func(w string) { t.Error(w) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Lookup(key, false); err != nil {
		t.Error(err)
	}
}
