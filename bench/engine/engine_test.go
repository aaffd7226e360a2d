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

// median runs a peer several times and returns the run of the median CPU time.
func (p peer) median(b *testing.B, dir string, runs int, before func()) cost {
	all := make([]cost, runs)
	for i := range all {
		if before != nil {
			before()
		}
		all[i] = p.measure(b, dir)
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
		var table []string
		base := map[string]cost{}
		for _, p := range installed(b, assay) {
			dir := b.TempDir()
			if err := p.setUp(dir, size/layers); err != nil {
				b.Fatal(err)
			}
			p.prepare(b, dir)
			got := p.scenarios(b, dir, size)
			fmt.Printf("%s, %d nodes: done\n", p.name, size)
			if p.name == "ninja" {
				base = got
			}
			for _, what := range []string{"cold", "no-op", "one leaf"} {
				c, measured := got[what]
				if !measured {
					continue
				}
				table = append(table, fmt.Sprintf("%-10s %6d  %-9s %9.3f %9.3f %8d", p.name, size, what, c.cpu.Seconds(), c.wall.Seconds(), c.peak/1024))
			}
		}
		fmt.Printf("%-10s %6s  %-9s %9s %9s %8s\n%s\n", "engine", "nodes", "run", "cpu s", "wall s", "peak MiB", strings.Join(table, "\n"))
		fmt.Printf("ninja: cold %.3f, no-op %.3f, one leaf %.3f cpu s\n\n", base["cold"].cpu.Seconds(), base["no-op"].cpu.Seconds(), base["one leaf"].cpu.Seconds())
	}
	b.ReportMetric(0, "ns/op") // the table is the result
}

// scenarios measures the three runs that matter.
func (p peer) scenarios(b *testing.B, dir string, size int) map[string]cost {
	out := map[string]cost{}
	runs, edits := 5, 3
	switch {
	case p.slow:
		runs, edits = 1, 1
	case size > 2000:
		runs = 3
	}
	if err := p.makeCold(dir); err != nil {
		b.Fatal(err)
	}
	p.prepare(b, dir)
	if p.adopt != nil && size > maxSlow {
		p.adoptAll(b, dir, size/layers)
	} else {
		out["cold"] = p.measure(b, dir)
	}
	if !p.slow {
		p.measure(b, dir) // some write down only now what they did
	}
	out["no-op"] = p.median(b, dir, runs, nil)
	edit := 0
	out["one leaf"] = p.median(b, dir, edits, func() {
		edit++
		time.Sleep(20 * time.Millisecond) // for engines that compare times
		if err := os.WriteFile(filepath.Join(dir, node(-1, 0)), fmt.Appendf(nil, "edit %d\n", edit), 0o666); err != nil {
			b.Fatal(err)
		}
	})
	return out
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
	os.RemoveAll(filepath.Join(dir, ".dvc"))
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
