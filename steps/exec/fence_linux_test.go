package exec

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// On clusters, the folder above all homes is often closed.
func TestFenceBelowAFolderThatCannotBeListed(t *testing.T) {
	home := filepath.Join(t.TempDir(), "home")
	project := filepath.Join(home, "me", "project")
	for _, dir := range []string{project, filepath.Join(home, "me", "tools"), filepath.Join(home, "other")} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(home, 0o311); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(home, 0o777)
	if os.Getuid() == 0 { // for whom nothing is closed
		above := filepath.Dir(filepath.Dir(home))
		if err := os.Chmod(above, 0o755); err != nil {
			t.Fatal(err)
		}
		runtime.LockOSThread() // for good: the thread ends with the test
		if err := unix.Setfsuid(65534); err != nil {
			t.Fatal(err)
		}
		defer unix.Setfsuid(0)
	}
	s, err := lookAround(project)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(s.beside, filepath.Join(home, "me", "tools")) || slices.Contains(s.beside, filepath.Join(home, "other")) || !slices.Contains(s.beside, "/etc") {
		t.Errorf("allowed are %v", s.beside)
	}
}

// A link beside the way may lead to what is behind the fence, as that of a short
// path does: it opens nothing.
func TestFenceAndLinksBesideTheWay(t *testing.T) {
	above := t.TempDir()
	if real, err := filepath.EvalSymlinks(above); err == nil {
		above = real
	}
	project := filepath.Join(above, "project")
	if err := os.MkdirAll(filepath.Join(project, "secret"), 0o777); err != nil {
		t.Fatal(err)
	}
	links := map[string]string{"folder": filepath.Join(project, "secret"), "all": project, "up": above}
	for name, to := range links {
		if err := os.Symlink(to, filepath.Join(above, name)); err != nil {
			t.Fatal(err)
		}
	}
	s, err := lookAround(project)
	if err != nil {
		t.Fatal(err)
	}
	for name := range links {
		if slices.Contains(s.beside, filepath.Join(above, name)) {
			t.Errorf("%s is allowed", name)
		}
	}
}
