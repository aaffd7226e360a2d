package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is a user without special rights.
const nobody = 65534

// asNobody returns a function that runs assay in a project as a user that is not
// root, for whom modes of files count. The recipe is r.yaml.
func asNobody(t *testing.T, recipe string) (dir string, run func(args ...string) (string, error)) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can become another user")
	}
	dir, err := os.MkdirTemp("", "user")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	self := filepath.Join(dir, "assay")
	if err := os.Rename(assayBinary(t), self); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "r.yaml"), []byte(recipe), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, self, filepath.Join(dir, "r.yaml")} {
		if err := os.Chown(path, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	return dir, func(args ...string) (string, error) {
		c := exec.Command(self, args...)
		c.Dir = dir
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		out, err := c.CombinedOutput()
		return string(out), err
	}
}

const bigInput = `params: {first: ":", last: "wc -c < in/d/big > out/o/f"}
steps:
  make: {uses: exec, with: {script: "head -c 100000 /dev/zero > out/d/big", outputs: [d]}}
  use: {uses: exec, in: {d: make.d}, with: {script: "${first}; ${last}", outputs: [o]}}
`

func TestInputsOfAUser(t *testing.T) {
	_, run := asNobody(t, bigInput)
	if out, err := run("run", "r.yaml"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := run("run", "r.yaml", "--set", "params.last=echo x >> in/d/big")
	if err == nil || !strings.Contains(out, "Permission denied") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := run("fsck"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = run("run", "r.yaml", "--set", "params.first=chmod u+w in/d/big", "--set", "params.last=echo x >> in/d/big; echo x > out/o/f")
	if err == nil || !strings.Contains(out, "input in/d: big changed while the command ran") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err = run("run", "r.yaml", "--set", "params.first=chmod 777 in/d/big; touch in/d/big"); err != nil {
		t.Errorf("modes and times: %v\n%s", err, out)
	}
	if out, err := run("fsck"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// A blob of another user cannot be linked to; then it is copied.
func TestInputsThatAnotherUserMade(t *testing.T) {
	dir, run := asNobody(t, bigInput)
	c := exec.Command(filepath.Join(dir, "assay"), "run", "r.yaml", "make")
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	err := filepath.WalkDir(filepath.Join(dir, ".assay"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return os.Chmod(path, 0o777)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"actions.lock", "lock"} {
		os.Chmod(filepath.Join(dir, ".assay", name), 0o666)
	}
	out, err := run("run", "r.yaml", "--set", "params.last=find in -type f > out/o/f; chmod u+w in/d/big; echo more >> out/o/f")
	if err != nil || !strings.Contains(out, "ran 1 node of 2") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Files that a command leaves read-only in its TMPDIR and HOME are removed as well.
func TestReadOnlyFoldersOfAUser(t *testing.T) {
	dir, run := asNobody(t, `steps:
  a: {uses: exec, with: {script: "mkdir -p $TMPDIR/m/n; touch $TMPDIR/m/n/f; chmod -R a-w $TMPDIR/m; echo $TMPDIR > out/o/f", outputs: [o]}}
outputs: {out: a.o}
`)
	if out, err := run("run", "r.yaml"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := os.ReadFile(filepath.Join(dir, "out", "f"))
	if err != nil || len(b) < 2 {
		t.Fatal(b, err)
	}
	if _, err := os.Stat(filepath.Dir(strings.TrimSpace(string(b)))); err == nil {
		t.Errorf("%s is left", b)
	}
}

// Folders that a command makes unreadable are opened, so that its outputs can be stored and its
// folder removed.
func TestClosedFoldersOfAUser(t *testing.T) {
	for name, closing := range map[string]string{
		"a folder of an output": "mkdir -p out/o/d/e; echo x > out/o/d/e/f; chmod 000 out/o/d/e out/o/d",
		"the output":            "echo x > out/o/f; chmod 400 out/o; chmod 000 out",
		"its own folder":        "echo x > out/o/f; chmod 400 out/o; chmod 400 out; chmod 000 .",
	} {
		t.Run(name, func(t *testing.T) {
			dir, run := asNobody(t, "steps: {a: {uses: exec, with: {script: '"+closing+"', outputs: [o]}}}\noutputs: {out: a.o}\n")
			if out, err := run("run", "r.yaml"); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			found := 0
			filepath.WalkDir(filepath.Join(dir, "out"), func(_ string, d fs.DirEntry, err error) error {
				if err == nil && d.Name() == "f" {
					found++
				}
				return err
			})
			if found != 1 {
				t.Errorf("%d files were kept", found)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, ".assay/tmp/*")); len(left) > 0 {
				t.Errorf("left are %v", left)
			}
		})
	}
	_, run := asNobody(t, "steps: {a: {uses: exec, with: {script: 'mkdir out/o/d; chmod 000 out/o/d', outputs: [o]}}}\n")
	if out, err := run("run", "r.yaml"); err == nil || !strings.Contains(out, "wrote nothing to out/o") {
		t.Errorf("%v\n%s", err, out)
	}
}
