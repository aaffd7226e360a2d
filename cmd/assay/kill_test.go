package main

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestKilledRunsLoseNothing kills runs at random moments. The next run continues from there, and
// the results are as if nothing had happened. ASSAY_KILLS sets the number of kills.
func TestKilledRunsLoseNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many processes")
	}
	kills := 12
	if n, err := strconv.Atoi(os.Getenv("ASSAY_KILLS")); err == nil {
		kills = n
	}
	self := assayBinary(t)
	dir := t.TempDir()
	if err := copyCorpus("../../testdata/corpus", filepath.Join(dir, "corpus"), 14); err != nil {
		t.Fatal(err)
	}
	if err := copyFile("testdata/small.yaml", filepath.Join(dir, "r.yaml")); err != nil {
		t.Fatal(err)
	}
	command := func(st string) *exec.Cmd {
		c := exec.Command(self, "run", "r.yaml", "--store", st, "-j", "3")
		c.Dir = dir
		return c
	}
	began := time.Now()
	if out, err := command("clean").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(began)
	want, err := os.ReadFile(filepath.Join(dir, "r.lock"))
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("a whole run takes %s; seed %d", whole.Round(time.Millisecond), seed)
	killAtRandom(t, kills, seed, whole, filepath.Join(dir, "killed"), func() *exec.Cmd { return command("killed") })
	os.Remove(filepath.Join(dir, "r.lock"))
	if out, err := command("killed").CombinedOutput(); err != nil {
		t.Fatalf("after the kills: %v\n%s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "r.lock"))
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("another lock after the kills (%v):\n%s\nwant:\n%s", err, got, want)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "killed", "tmp", "*"))
	if len(left) > 0 {
		t.Errorf("left in tmp: %v", left)
	}
}

// TestInterrupt sends the signal of Ctrl-C to a long run.
func TestInterrupt(t *testing.T) {
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
	c := exec.Command(assayBinary(t), "run", "r.yaml", "--set", "steps.gbt.with.rounds=5000", "--set", "steps.gbt.with.patience=5000")
	c.Dir = dir
	stderr, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	sent := false // a second interrupt would end the process at once
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "run   gbt") && !sent { // the longest step is under way
			c.Process.Signal(os.Interrupt)
			sent = true
		}
	}
	c.Wait()
	if code := c.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(said.String(), "run again to continue") {
		t.Errorf("exit code %d, said:\n%s", code, said.String())
	}
}

// assayBinary builds the command once for the test.
func assayBinary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "assay")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// TestTwoRunsAtOnceKilled runs one recipe twice at the same time on one store, and kills one of
// the runs at a random moment, again and again. Nothing needs repair: the store stays clean,
// and a last run makes the same lock.
func TestTwoRunsAtOnceKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many processes")
	}
	rounds := 10
	if n, err := strconv.Atoi(os.Getenv("ASSAY_KILLS")); err == nil {
		rounds = n
	}
	self := assayBinary(t)
	dir := t.TempDir()
	if err := copyCorpus("../../testdata/corpus", filepath.Join(dir, "corpus"), 14); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.yaml", "b.yaml"} { // a lock for each
		if err := copyFile("testdata/small.yaml", filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	command := func(args ...string) *exec.Cmd {
		c := exec.Command(self, args...)
		c.Dir = dir
		return c
	}
	began := time.Now()
	if out, err := command("run", "a.yaml", "--store", "clean").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(began)
	want, err := os.ReadFile(filepath.Join(dir, "a.lock"))
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range rounds {
		if rng.IntN(3) == 0 {
			os.RemoveAll(filepath.Join(dir, ".assay"))
		}
		pair := []*exec.Cmd{command("run", "a.yaml"), command("run", "b.yaml")}
		for _, c := range pair {
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Duration(rng.Int64N(int64(2 * whole))))
		pair[rng.IntN(2)].Process.Signal(syscall.SIGKILL)
		for _, c := range pair {
			c.Wait()
		}
		if out, err := command("fsck").CombinedOutput(); err != nil {
			t.Fatalf("fsck: %v\n%s", err, out)
		}
	}
	for _, name := range []string{"a", "b"} {
		os.Remove(filepath.Join(dir, name+".lock"))
		if out, err := command("run", name+".yaml").CombinedOutput(); err != nil {
			t.Fatalf("after the kills: %v\n%s", err, out)
		}
		if got, err := os.ReadFile(filepath.Join(dir, name+".lock")); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: another lock after the kills (%v)", name, err)
		}
	}
}

// killAtRandom starts a run some times and kills each at a random moment of what a whole one takes. Before one run in
// four it removes the store.
func killAtRandom(t *testing.T, kills int, seed uint64, whole time.Duration, store string, command func() *exec.Cmd) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 0))
	for range kills {
		if rng.IntN(4) == 0 {
			os.RemoveAll(store)
		}
		c := command()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rng.Int64N(int64(whole))))
		c.Process.Signal(syscall.SIGKILL)
		c.Wait()
	}
}
