package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// killEpochs are so many that the run is killed long before the last one.
const killEpochs = 150

const killRecipe = `
sources: {corpus: corpus}
shards: 1
steps:
  validate: {uses: validate, in: {episodes: corpus}}
  features: {uses: features, in: {episodes: corpus, index: validate.index}}
  split:
    uses: split
    in: {index: validate.index}
    with: {hold: {by: host, test: [lab-d4]}, validation_by: hold}
  gru:
    uses: train/gru
    in: {episodes: corpus, windows: features.windows, split: split.assignment}
    with: {hidden: 16, hz: 2, epochs: 150, patience: 150}
`

// TestKilledTrainingGoesOn kills a run in the middle of a training. The next run does the
// epochs that are left, and the lock is that of a run that nobody killed.
func TestKilledTrainingGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("runs processes")
	}
	self, dir := assayBinary(t), t.TempDir()
	if err := copyCorpus("../../testdata/corpus", filepath.Join(dir, "corpus"), 6); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "r.yaml"), []byte(killRecipe), 0o666); err != nil {
		t.Fatal(err)
	}
	command := func(args ...string) *exec.Cmd {
		c := exec.Command(self, args...)
		c.Dir = dir
		return c
	}
	output := func(args ...string) []byte {
		t.Helper()
		out, err := command(args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return out
	}
	lock := filepath.Join(dir, "r.lock")
	output("run", "r.yaml", "--store", "clean")
	want, err := os.ReadFile(lock)
	if err != nil || os.Remove(lock) != nil {
		t.Fatal(err)
	}

	killMidway(t, command("run", "r.yaml"), filepath.Join(dir, ".assay", "resume", "*", "state"))
	output("run", "r.yaml")
	if got, err := os.ReadFile(lock); err != nil || !bytes.Equal(got, want) {
		t.Errorf("another lock after the kill (%v):\n%s\nwant:\n%s", err, got, want)
	}
	said := output("logs", "gru")
	found := regexp.MustCompile(`goes on after epoch (\d+), `).FindSubmatch(said)
	if found == nil {
		t.Fatalf("the second run began from the start:\n%s", said)
	}
	before, _ := strconv.Atoi(string(found[1]))
	ran := len(regexp.MustCompile(`(?m)\bepoch \d+: training loss`).FindAll(said, -1))
	if before < 1 || before+ran != killEpochs {
		t.Errorf("%d epochs before the kill and %d after it, want %d together", before, ran, killEpochs)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".assay", "resume", "*")); len(left) > 0 {
		t.Errorf("left of the training: %v", left)
	}
}

// killMidway starts a run and kills it once the state of a training was saved and then changed.
func killMidway(t *testing.T, c *exec.Cmd, pattern string) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	var first time.Time
	for tick := time.Tick(time.Millisecond); ; {
		select {
		case err := <-ended:
			t.Fatalf("the run ended before it could be killed: %v", err)
		case <-tick:
		}
		found, _ := filepath.Glob(pattern)
		if len(found) == 0 {
			continue
		}
		info, err := os.Stat(found[0])
		switch {
		case err != nil:
		case first.IsZero():
			first = info.ModTime()
		case !info.ModTime().Equal(first):
			if err := c.Process.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			<-ended
			return
		}
	}
}
