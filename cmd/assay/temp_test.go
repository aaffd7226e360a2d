package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTempOfAKilledRun kills a run while a command works in its temporary folder. The next run
// removes that folder.
func TestTempOfAKilledRun(t *testing.T) {
	base, err := os.MkdirTemp("/tmp", "t") // a short path
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(base)
	dir := t.TempDir()
	recipe := `params: {wait: "sleep 600"}
steps:
  a: {uses: exec, with: {script: "echo x > $TMPDIR/f; echo $TMPDIR > out/o/f; echo ready; ${wait}", outputs: [o]}}
outputs: {out: a.o}
`
	if err := os.WriteFile(filepath.Join(dir, "r.yaml"), []byte(recipe), 0o666); err != nil {
		t.Fatal(err)
	}
	self := assayBinary(t)
	run := func(args ...string) *exec.Cmd {
		c := exec.Command(self, append([]string{"run", "r.yaml"}, args...)...)
		c.Dir, c.Env = dir, append(os.Environ(), "TMPDIR="+base)
		return c
	}
	killed := run()
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	for left := 2000; ; left-- {
		if f, _ := filepath.Glob(base + "/assay-*/*/f"); len(f) == 1 {
			break
		}
		if left == 0 {
			t.Fatal("the command wrote nothing to its TMPDIR")
		}
		time.Sleep(5 * time.Millisecond)
	}
	killed.Process.Kill()
	killed.Wait()
	if out, err := run("--set", "params.wait=true").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if left, _ := filepath.Glob(base + "/*"); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "out", "f")); err != nil || !strings.HasPrefix(string(b), base+"/assay-") {
		t.Errorf("TMPDIR was %s, %v", b, err)
	}
}
