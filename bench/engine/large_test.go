//go:build unix

package engine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"assay/artifacts"
	"assay/engine/event"
	"assay/engine/journal"
)

// large is the side of the matrix of a recipe of 99,856 nodes; a step may have 100,000.
const large = 316

// BenchmarkLarge prints what commands cost that look at 100,000 nodes: plan and graph of a recipe that never ran, and
// the page of a run that executed all of them.
func BenchmarkLarge(b *testing.B) {
	assay := filepath.Join(b.TempDir(), "assay")
	if out, err := exec.Command("go", "build", "-o", assay, "../../cmd/assay").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	b.Chdir(b.TempDir())
	write(b, "r.yaml", axesRecipe(large))
	write(b, "src.txt", "hi\n")
	fmt.Printf("%-28s %9s %9s %9s\n", fmt.Sprintf("%d nodes", large*large), "cpu s", "wall s", "peak MiB")
	show := func(name string, args ...string) {
		c := peer{name: name, command: append([]string{assay}, args...)}.measure(b, ".")
		fmt.Printf("%-28s %9.2f %9.2f %9d\n", name, c.cpu.Seconds(), c.wall.Seconds(), c.peak/1024)
	}
	show("plan", "plan", "r.yaml")
	show("graph, steps", "graph", "r.yaml", "-o", "steps.svg")
	show("graph, nodes, SVG", "graph", "r.yaml", "--nodes", "-o", "nodes.svg")
	show("graph, nodes, Mermaid", "graph", "r.yaml", "--nodes", "-o", "nodes.mmd")
	recordRun(b, large*large)
	show("page of a run", "timeline", "last", "-o", "run.html")
	show("nodes of a run", "runs", "last")
	b.ReportMetric(0, "ns/op")
}

// recordRun writes the journal of a run of n nodes, two at a time.
func recordRun(b *testing.B, n int) {
	run := journal.Run{Verb: "run", Recipe: "r.yaml", Name: "axes", Began: time.Now(), Counts: journal.Counts{Nodes: n, Ran: n}}
	log, err := journal.Begin(filepath.Join(".assay", "runs"), run)
	if err != nil {
		b.Fatal(err)
	}
	for i := range n {
		ev := event.Event{Node: fmt.Sprintf("s[a=%d,b=%d]", i/large, i%large), Step: "s"}
		for k, what := range []event.What{event.Started, event.Running, event.Ran, event.Finished} {
			ev.What, ev.T, ev.Took = what, float64(i/2)*0.01+float64(k)*0.003, 0
			log.Add(ev)
		}
	}
	end := func(r *journal.Run) {
		r.Outcome, r.Ended = journal.OK, r.Began.Add(time.Duration(n/2)*10*time.Millisecond)
	}
	if err := log.End(time.Now(), end); err != nil {
		b.Fatal(err)
	}
	if err := log.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkLock writes the lock of 100,000 artifacts, and reads it.
func BenchmarkLock(b *testing.B) {
	l := &artifacts.Lock{}
	for i := range large * large {
		l.Artifacts = append(l.Artifacts, artifacts.LockedArtifact{Name: fmt.Sprintf("s[a=%d,b=%d].o", i/large, i%large),
			Kind: "exec@2", Key: artifacts.Of(fmt.Append(nil, i)), Digest: artifacts.Of(fmt.Append(nil, -i))})
	}
	path := filepath.Join(b.TempDir(), "r.lock")
	for b.Loop() {
		if err := os.RemoveAll(path); err != nil {
			b.Fatal(err)
		}
		if _, err := artifacts.WriteLock(path, l.Text()); err != nil {
			b.Fatal(err)
		}
		if got, err := artifacts.ReadLock(path); err != nil || len(got.Artifacts) != large*large {
			b.Fatal(err)
		}
	}
}
