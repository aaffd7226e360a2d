package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"assay/artifacts/filetest"
	"assay/engine/event"
	"assay/engine/journal"
)

// growing has an axis over the items that a step lists, one over the pieces that the nodes of the first one make, and
// one over what gathers both.
const growing = `
sources: {items: items}
steps:
  list: {uses: exec, in: {i: items}, with: {script: "sleep 0.05; cp in/i/items out/o/items", outputs: [o]}}
  cut:
    uses: exec
    matrix: {item: {lines: list.o/items}}
    with: {script: "sleep 0.02; for i in 1 2; do echo ${item:q} $i > out/o/$i; done", outputs: [o]}
  part:
    uses: exec
    matrix: {item: cut.item, piece: {files: "cut.o/*"}}
    in: {c: "cut.o/${piece}"}
    with: {script: "sleep 0.02; cat in/c/${piece} > out/o/f", outputs: [o]}
  sum: {uses: exec, in: {p: part.o/f}, with: {script: "sleep 0.05; cat in/p/*/f | sort > out/o/all", outputs: [o]}}
  again:
    uses: exec
    matrix: {line: {lines: sum.o/all}}
    with: {script: "echo ${line:q} > out/o/f", outputs: [o]}
  end: {uses: exec, in: {a: again.o/f}, with: {script: "cat in/a/*/f > out/o/all", outputs: [o]}}
`

// TestKilledGrowingRuns kills runs at random moments whose graph grows three times. The next run continues from
// there: what had finished does not run again, and the lock is as if nothing had happened. ASSAY_KILLS sets the number
// of kills.
func TestKilledGrowingRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many processes")
	}
	kills := 6
	if n, err := strconv.Atoi(os.Getenv("ASSAY_KILLS")); err == nil {
		kills = n
	}
	self, dir := assayBinary(t), t.TempDir()
	filetest.WriteFiles(t, dir, map[string]string{"r.yaml": growing, "items/items": "b\na\nc d\n"})
	command := func(st string) *exec.Cmd {
		c := exec.Command(self, "run", "r.yaml", "--store", st)
		c.Dir = dir
		return c
	}
	lock := func() []byte {
		text, err := os.ReadFile(filepath.Join(dir, "r.lock"))
		if err != nil {
			t.Fatal(err)
		}
		os.Remove(filepath.Join(dir, "r.lock"))
		return text
	}
	began := time.Now()
	if out, err := command("clean").CombinedOutput(); err != nil || !strings.Contains(string(out), "ran 18 nodes of 18") {
		t.Fatalf("%v\n%s", err, out)
	}
	whole, want := time.Since(began), lock()
	seed := uint64(time.Now().UnixNano())
	t.Logf("a whole run takes %s; seed %d", whole.Round(time.Millisecond), seed)
	killAtRandom(t, kills, seed, whole, filepath.Join(dir, "killed"), func() *exec.Cmd { return command("killed") })
	os.Remove(filepath.Join(dir, "r.lock"))
	if out, err := command("killed").CombinedOutput(); err != nil {
		t.Fatalf("after the kills: %v\n%s", err, out)
	}
	if got := lock(); !bytes.Equal(got, want) {
		t.Errorf("another lock after the kills:\n%s\nwant:\n%s", got, want)
	}
	onceEach(t, filepath.Join(dir, "killed"))
}

// onceEach fails if an action that had succeeded ran again, as the journals of a store have it.
func onceEach(t *testing.T, store string) {
	t.Helper()
	runs, err := journal.List(runsDir(store), 0)
	if err != nil || len(runs) == 0 {
		t.Fatalf("%d runs: %v", len(runs), err)
	}
	ran := map[string]int{}
	for _, r := range runs {
		story, err := tellStory(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, sp := range story.Spans {
			if sp.Outcome == event.Ran {
				ran[sp.Node]++
			}
		}
	}
	for node, n := range ran {
		if n > 1 {
			t.Errorf("%s succeeded %d times", node, n)
		}
	}
}
