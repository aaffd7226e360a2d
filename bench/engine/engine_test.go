//go:build unix

package engine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// cost is what one run took: its own processor time and that of all it started,
// and the time on the clock.
type cost struct {
	cpu, wall time.Duration
	peak      int64 // KiB, of the largest single process
}

// measure runs a peer once in dir.
func (p peer) measure(b *testing.B, dir string) cost {
	b.Helper()
	c := exec.Command(p.command[0], p.command[1:]...)
	c.Dir = dir
	began := time.Now()
	if out, err := c.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", p.name, err, out)
	}
	st := c.ProcessState
	return cost{st.UserTime() + st.SystemTime(), time.Since(began), st.SysUsage().(*syscall.Rusage).Maxrss}
}

// median measures several times and returns the run of the median CPU time.
func median(runs int, measure func() cost) cost {
	all := make([]cost, runs)
	for i := range all {
		all[i] = measure()
	}
	slices.SortFunc(all, func(x, y cost) int { return int(x.cpu - y.cpu) })
	return all[runs/2]
}

// BenchmarkEngines reports, for each peer that is installed, what a cold run, a
// run with nothing to do and one after a changed leaf cost, and all of it as a
// multiple of ninja's. ASSAY_BENCH_NODES names the sizes, ASSAY_BENCH_PEERS the
// peers; the default is 1000 nodes and all.
func BenchmarkEngines(b *testing.B) {
	assay := filepath.Join(b.TempDir(), "assay")
	if out, err := exec.Command("go", "build", "-o", assay, "../../cmd/assay").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, size := range sizes(b) {
		measured := map[string]map[string]cost{}
		list := installed(b, assay)
		for _, p := range list {
			measured[p.name] = p.scenarios(b, size)
			fmt.Printf("%s, %d nodes: done\n", p.name, size)
		}
		printTable(size, list, measured)
	}
	b.ReportMetric(0, "ns/op") // the table is the result
}

// printTable prints each figure, and in brackets what it is of ninja's.
func printTable(size int, list []peer, measured map[string]map[string]cost) {
	fmt.Printf("%-10s %6s  %-9s %18s %18s %9s\n", "engine", "nodes", "run", "cpu s", "wall s", "peak MiB")
	for _, p := range list {
		for _, what := range []string{"cold", "no-op", "one leaf"} {
			c, ok := measured[p.name][what]
			if !ok {
				continue
			}
			base := measured["ninja"][what]
			fmt.Printf("%-10s %6d  %-9s %9.3f (%5.2fx) %9.3f (%5.2fx) %9d\n", p.name, size, what,
				c.cpu.Seconds(), c.cpu.Seconds()/base.cpu.Seconds(), c.wall.Seconds(), c.wall.Seconds()/base.wall.Seconds(), c.peak/1024)
		}
	}
}

// scenarios measures the three runs that matter.
func (p peer) scenarios(b *testing.B, size int) map[string]cost {
	out := map[string]cost{}
	runs, edits := 5, 5
	switch {
	case p.slow:
		runs, edits = 1, 1
	case size > 2000:
		runs = 3
	}
	var dir string
	if p.adopt != nil && size > maxSlow {
		dir = p.fresh(b, size)
		p.adoptAll(b, dir, size/layers)
	} else {
		// Each cold run has a folder of its own, since removing what the last one
		// left slows the file system down for minutes.
		out["cold"] = median(min(runs, 3), func() cost {
			dir = p.fresh(b, size)
			return p.measure(b, dir)
		})
	}
	if !p.slow {
		p.measure(b, dir) // some write down only now what they did
	}
	out["no-op"] = median(runs, func() cost { return p.measure(b, dir) })
	edit := 0
	out["one leaf"] = median(edits, func() cost {
		edit++
		time.Sleep(20 * time.Millisecond) // for engines that compare times
		if err := os.WriteFile(filepath.Join(dir, node(-1, 0)), fmt.Appendf(nil, "edit %d\n", edit), 0o666); err != nil {
			b.Fatal(err)
		}
		return p.measure(b, dir)
	})
	return out
}

// fresh makes the peer's project in a new folder.
func (p peer) fresh(b *testing.B, size int) string {
	dir := b.TempDir()
	if err := p.setUp(dir, size/layers); err != nil {
		b.Fatal(err)
	}
	p.prepare(b, dir)
	return dir
}

// maxSlow is the size up to which the engines with an adopt command make the
// outputs themselves.
const maxSlow = 200

// adoptAll makes the outputs and has the engine take them for its own.
func (p peer) adoptAll(b *testing.B, dir string, width int) {
	each(width, func(_, _ int, in, out string) {
		text, err := os.ReadFile(filepath.Join(dir, in))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, out), text, 0o666)
		}
		if err != nil {
			b.Fatal(err)
		}
	})
	peer{name: p.name + " (adopting)", command: p.adopt}.measure(b, dir)
}

// prepare does what an engine wants done once in a folder.
func (p peer) prepare(b *testing.B, dir string) {
	if p.name != "dvc" {
		return
	}
	c := exec.Command("dvc", "init", "--no-scm", "-q", "-f")
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		b.Fatalf("dvc init: %v\n%s", err, out)
	}
}

func installed(b *testing.B, assay string) []peer {
	want := os.Getenv("ASSAY_BENCH_PEERS")
	var out []peer
	for _, p := range peers(assay, runtime.NumCPU()) {
		if want != "" && !slices.Contains(strings.Split(want, ","), p.name) {
			continue
		}
		if _, err := exec.LookPath(p.command[0]); err != nil {
			fmt.Printf("%s is left out: %v\n", p.name, err)
			continue
		}
		out = append(out, p)
	}
	return out
}

func sizes(b *testing.B) []int {
	text := os.Getenv("ASSAY_BENCH_NODES")
	if text == "" {
		return []int{1000}
	}
	var out []int
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < layers {
			b.Fatalf("ASSAY_BENCH_NODES: %q is no number of nodes", word)
		}
		out = append(out, n)
	}
	return out
}
