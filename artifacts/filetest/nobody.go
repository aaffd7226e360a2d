package filetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Nobody is the user and group for tests that mean nothing when root runs them.
const Nobody = 65534

// AsNobody runs the body of a test as a user that is not root: here, or in a process of
// its own whose environment includes env.
func AsNobody(t *testing.T, body func(*testing.T), env ...string) {
	t.Helper()
	if runtime.GOOS != "linux" && os.Geteuid() == 0 {
		t.Skip("needs a user that is not root")
	}
	if os.Geteuid() != 0 {
		body(t)
		return
	}
	// What go test builds and the folder it is run in may be root's alone.
	dir, err := os.MkdirTemp("", "assay-nobody-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	exe := filepath.Join(dir, "test")
	text, err := os.ReadFile("/proc/self/exe")
	if err == nil {
		err = os.WriteFile(exe, text, 0o755)
	}
	if err == nil {
		err = os.Chmod(exe, 0o755)
	}
	if err == nil {
		err = os.Chown(dir, Nobody, Nobody)
	}
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe, "-test.run=^"+t.Name()+"$", "-test.count=1", "-test.v")
	c.Dir = dir
	c.Env = append(append(os.Environ(), "TMPDIR="+dir, "HOME="+dir), env...)
	asUser(c, Nobody)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("as user %d: %v\n%s", Nobody, err, out)
	}
}
