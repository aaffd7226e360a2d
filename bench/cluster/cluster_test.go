package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"assay/artifacts/store"
	"assay/engine"
)

// TestScales simulates the paper's run on a few episodes: more machines are never slower, none
// are faster than the critical path, and every cluster does the same work.
func TestScales(t *testing.T) {
	t.Chdir("../..")
	corpus := episodes(t, 640)
	one := simulate(t, corpus, 640, 16, 1)
	four := simulate(t, corpus, 640, 16, 4)
	many := simulate(t, corpus, 640, 16, 64)
	if one.makespan < four.makespan || four.makespan < many.makespan {
		t.Errorf("makespan on 1, 4 and 64 machines: %v, %v, %v", one.makespan, four.makespan, many.makespan)
	}
	if one.makespan < 2*many.makespan {
		t.Errorf("64 machines are %v, one is %v: the run does not scale", many.makespan, one.makespan)
	}
	if one.Tasks != many.Tasks || one.Read != many.Read {
		t.Errorf("one machine ran %d tasks and read %g bytes, 64 ran %d and read %g", one.Tasks, one.Read, many.Tasks, many.Read)
	}
}

// TestFullCorpus prints what the paper's full corpus takes on clusters of machines of 32 cores.
// ASSAY_CLUSTER lists their sizes, such as 1,8,64,512.
func TestFullCorpus(t *testing.T) {
	sizes := os.Getenv("ASSAY_CLUSTER")
	if sizes == "" {
		t.Skip("ASSAY_CLUSTER names no sizes")
	}
	t.Chdir("../..")
	const n = 76_660
	corpus := episodes(t, n)
	fmt.Println("| machines | makespan | core hours | cores busy | arrays | in a minute | queued | tasks | read | at most per second | written |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|")
	for _, text := range strings.Split(sizes, ",") {
		machines, err := strconv.Atoi(text)
		if err != nil || machines < 1 {
			t.Fatalf("ASSAY_CLUSTER=%s: want numbers of machines", sizes)
		}
		r := simulate(t, corpus, n, 512, machines)
		busy := r.CoreHours / (r.makespan.Hours() * float64(machines*cores))
		fmt.Printf("| %d | %s | %.0f | %.0f %% | %d | %d | %d | %d | %.0f GB | %.1f GB | %.0f GB |\n", machines,
			r.makespan.Round(time.Minute), r.CoreHours, 100*busy, r.Arrays, r.Busiest, r.Queued, r.Tasks, r.Read/1e9,
			r.PeakRead/1e9, r.Written/1e9)
	}
}

// cores is how many cores a simulated machine has; its memory is 128 GiB.
const cores = 32

// A result is what a simulated run took and asked for.
type result struct {
	makespan time.Duration
	Load
}

// simulate runs recipes/cluster.yaml on a cluster, with a store of its own and a clock that
// jumps to the next event when nothing runs.
func simulate(t *testing.T, corpus string, episodes, shards, machines int) result {
	t.Helper()
	costs, err := Recorded()
	if err != nil {
		t.Fatal(err)
	}
	g := resolve(t, "recipes/cluster.yaml", "params.store="+corpus, "shards="+strconv.Itoa(shards))
	dir := filepath.Join(t.TempDir(), strconv.Itoa(machines))
	var r result
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(dir, func(w string) { t.Log(w) })
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		c := New(machines, cores, 128<<30, costs, episodes)
		began := time.Now()
		if _, err := (&engine.Engine{Store: s, Executor: c}).Run(t.Context(), g); err != nil {
			t.Fatal(err)
		}
		r = result{time.Since(began), c.Load}
	})
	return r
}

// episodes makes a corpus of names: the simulation reads no episode.
func episodes(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		host := filepath.Join(dir, fmt.Sprint("host-", i%6))
		if i < 6 {
			if err := os.Mkdir(host, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		name := filepath.Join(host, fmt.Sprintf("episode-%d.tar.zst", i))
		if err := os.WriteFile(name, []byte(strconv.Itoa(i)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
