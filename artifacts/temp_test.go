package artifacts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofrs/flock"
)

func TestTempIsShortPrivateAndGoesWithTheStore(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), strings.Repeat("long/", 20)), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	sc, err := s.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := sc.Temp()
	if err != nil || len(dir) > maxTempBase+20 {
		t.Fatalf("%s, %v", dir, err)
	}
	if again, _ := sc.Temp(); again != dir {
		t.Errorf("it is %s, then %s", dir, again)
	}
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if st, err := os.Stat(d); err != nil || st.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", d, st.Mode(), err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "f"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	sc.Release()
	if _, err := os.Stat(filepath.Join(dir, "f")); err == nil {
		t.Error("a file is left after the action")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Dir(dir)); err == nil {
		t.Error("the folder is left after the process")
	}
}

func TestALongTMPDIRIsLeftAlone(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 60))
	if err := os.Mkdir(long, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	if base := tempBase(); base == long {
		t.Errorf("sockets in %s have no room", base)
	}
}

// Only what says that it is assay's goes, and only when nobody holds it.
func TestSweepTemp(t *testing.T) {
	base := t.TempDir()
	folder := func(name string, mode os.FileMode, files ...string) string {
		dir := filepath.Join(base, name)
		if err := os.MkdirAll(filepath.Join(dir, "1", "sub"), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := os.WriteFile(filepath.Join(dir, f), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	dead := folder("assay-1", 0o700, tempLock, "1/f", "1/sub/g")
	os.Chmod(filepath.Join(dead, "1", "sub"), 0o500) // as some programs leave theirs
	live := folder("assay-2", 0o700, tempLock)
	held := flock.New(filepath.Join(live, tempLock))
	if ok, err := held.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	defer held.Close()
	others := []string{live, folder("assay-notes", 0o700, "f"), folder("assay-3", 0o755, tempLock), folder("other-1", 0o700, tempLock)}
	if err := os.Symlink(others[1], filepath.Join(base, "assay-link")); err != nil {
		t.Fatal(err)
	}
	sweepTemp(base)
	if _, err := os.Stat(dead); err == nil {
		t.Error("that of a dead process is left")
	}
	for _, dir := range others {
		if _, err := os.Stat(dir); err != nil {
			t.Errorf("it took away %s", dir)
		}
	}
}

// A folder that a cleaner of the system took away is made again.
func TestTempComesBack(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var d tempDir
	defer d.close()
	first, err := d.sub(1)
	if err != nil {
		t.Fatal(err)
	}
	os.RemoveAll(filepath.Dir(first))
	if second, err := d.sub(2); err != nil || second == first {
		t.Errorf("%s, %v", second, err)
	}
}
