package work

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// deepArea returns an area whose folder has a long path.
func deepArea(t *testing.T) *Area {
	t.Helper()
	dir := filepath.Join(t.TempDir(), strings.Repeat("long/", 20), "tmp")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	a := NewArea(dir)
	t.Cleanup(func() { a.Close() })
	return a
}

func TestShortPathGoesWithTheArea(t *testing.T) {
	a := deepArea(t)
	sc, err := a.Scratch("out/o")
	if err != nil {
		t.Fatal(err)
	}
	dir := sc.Short()
	if len(dir) > maxTempBase+20 {
		t.Fatalf("%s is long", dir)
	}
	if again := sc.Short(); again != dir {
		t.Errorf("it is %s, then %s", dir, again)
	}
	st, err := os.Stat(dir)
	if here, err2 := os.Stat(sc.Dir); err != nil || err2 != nil || !os.SameFile(st, here) || st.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v, %v", st, err, err2)
	}
	os.Remove(filepath.Dir(dir)) // as a cleaner of the system may
	if _, err := os.Stat(sc.Short()); err != nil {
		t.Error("it does not come back")
	}
	link := filepath.Dir(sc.Short())
	sc.Release()
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(link); err == nil {
		t.Error("the link is left after the process")
	}
}

func TestALongTMPDIRIsLeftAlone(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 60))
	if err := os.Mkdir(long, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	if slices.Contains(tempBases(), long) {
		t.Errorf("sockets in %s have no room", long)
	}
}

// TMPDIR may name a folder that is not there; the system's own is.
func TestATMPDIRThatIsNotThere(t *testing.T) {
	a := deepArea(t)
	t.Setenv("TMPDIR", "/no/such")
	sc, err := a.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	if got := sc.Short(); !strings.HasPrefix(got, "/tmp/"+shortcutPrefix) {
		t.Errorf("%s", got)
	}
	if path, err := newShortcut("/no/such", sc.Dir); err == nil {
		t.Errorf("a link in no folder: %s", path)
	}
}

// Only links that lead to a dead process's work folder go.
func TestSweepShortcuts(t *testing.T) {
	base := t.TempDir()
	tmp := filepath.Join(t.TempDir(), "tmp")
	if err := os.Mkdir(tmp, 0o777); err != nil {
		t.Fatal(err)
	}
	live, err := newWorkDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	defer live.close()
	dead, err := newWorkDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	dead.lock.Close() // as the kernel does
	link := func(name, to string) string {
		at := filepath.Join(base, name)
		if err := os.Symlink(to, at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	gone := []string{link("assay-1", dead.path), link("assay-2", filepath.Join(tmp, "work-gone"))}
	stay := []string{link("assay-3", live.path), link("assay-4", "/nowhere/notes"), link("assay-5", "tmp/work-1"), link("other", dead.path)}
	file := filepath.Join(base, "assay-notes")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	sweepShortcuts(base)
	for _, at := range gone {
		if _, err := os.Lstat(at); err == nil {
			t.Errorf("%s is left", at)
		}
	}
	for _, at := range append(stay, file) {
		if _, err := os.Lstat(at); err != nil {
			t.Errorf("it took away %s", at)
		}
	}
}
