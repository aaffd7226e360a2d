package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"assay/artifacts/store"
)

// TestRunsAndCollectionsExclude runs several processes at once: gc and fsck --repair fail at once
// while a run goes on, and a run waits while one of them works.
func TestRunsAndCollectionsExclude(t *testing.T) {
	if testing.Short() {
		t.Skip("runs processes")
	}
	dir := t.TempDir()
	if err := copyCorpus("../../testdata/corpus", filepath.Join(dir, "corpus"), 14); err != nil {
		t.Fatal(err)
	}
	if err := copyFile("testdata/small.yaml", filepath.Join(dir, "r.yaml")); err != nil {
		t.Fatal(err)
	}
	self := assayBinary(t)
	command := func(args ...string) *exec.Cmd {
		c := exec.Command(self, args...)
		c.Dir = dir
		return c
	}
	long := command("run", "r.yaml", "--set", "steps.gbt.with.rounds=5000", "--set", "steps.gbt.with.patience=5000")
	waitFor(t, long, "run   gbt")
	for _, args := range [][]string{{"gc", "--yes", "--keep", "0"}, {"gc"}, {"fsck", "--repair"}} {
		out, err := command(args...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "another process is using the store (a run under way?)") {
			t.Errorf("%v during a run: %v\n%s", args, err, out)
		}
	}
	for _, args := range [][]string{{"gc", "--dry-run"}, {"fsck"}, {"du"}} {
		if out, err := command(args...).CombinedOutput(); err != nil {
			t.Errorf("%v during a run: %v\n%s", args, err, out)
		}
	}
	long.Process.Kill() // the kernel releases its lock
	long.Wait()
	if out, err := command("gc", "--yes", "--keep", "0").CombinedOutput(); err != nil {
		t.Errorf("gc after a killed run: %v\n%s", err, out)
	}

	s, err := store.Open(filepath.Join(dir, ".assay"), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	release, err := s.Exclusive()
	if err != nil {
		t.Fatal(err)
	}
	waits := command("run", "r.yaml")
	waitFor(t, waits, "waiting for it to finish")
	release()
	if err := waits.Wait(); err != nil {
		t.Errorf("the run that waited: %v", err)
	}
}

// waitFor starts a command, and returns when it prints a text to standard error.
func waitFor(t *testing.T, c *exec.Cmd, text string) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = w
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() { c.Process.Kill(); r.Close() })
	var said bytes.Buffer
	found := make(chan bool)
	go func() {
		met := false
		for lines := bufio.NewScanner(r); lines.Scan(); {
			said.WriteString(lines.Text() + "\n")
			if strings.Contains(lines.Text(), text) && !met {
				met = true
				found <- true
			}
		}
		if !met {
			found <- false
		}
	}()
	if !<-found {
		t.Fatalf("%v never said %q:\n%s", c.Args, text, said.String())
	}
}
