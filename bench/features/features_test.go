//go:build linux

package features

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const corpus = "../../testdata/corpus"

// TestMain is also the process that is measured.
func TestMain(m *testing.M) {
	if what := os.Getenv("ASSAY_BENCH_WORK"); what != "" {
		if err := work(what, os.Getenv("ASSAY_BENCH_DIR")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		status, _ := os.ReadFile("/proc/self/status") // not there, no figure
		os.Stdout.Write(status)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// cost is what a process took.
type cost struct {
	cpu, wall time.Duration
	peak      int64 // KiB
}

func measure(b *testing.B, c *exec.Cmd) cost {
	b.Helper()
	began := time.Now()
	out, err := c.CombinedOutput()
	if err != nil {
		b.Fatalf("%s: %v\n%s", c, err, out)
	}
	return cost{c.ProcessState.UserTime() + c.ProcessState.SystemTime(), time.Since(began), peak(out)}
}

// peak takes the largest resident set out of Linux's account of a process. That
// of getrusage would include what the parent had before the process began.
func peak(status []byte) int64 {
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, _ := strconv.ParseInt(fields[0], 10, 64)
	return kib
}

func worker(b *testing.B, what, dir string) cost {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "ASSAY_BENCH_WORK="+what, "ASSAY_BENCH_DIR="+dir)
	return measure(b, c)
}

// BenchmarkFeatures prints what an episode costs and the ratios that matter. The
// store is the corpus, copied ASSAY_BENCH_TIMES times, 10 unless said; Python
// reads the corpus once. ASSAY_BENCH_ROUNDS is how often each figure of ours is
// taken, in turns, 3 unless said; the smallest counts. ASSAY_REFERENCE names the
// folder of the original's sources.
func BenchmarkFeatures(b *testing.B) {
	rounds, times := number(b, "ASSAY_BENCH_ROUNDS", 3), number(b, "ASSAY_BENCH_TIMES", 10)
	small, large := b.TempDir(), b.TempDir()
	few, err := copies(corpus, small, 1)
	if err != nil {
		b.Fatal(err)
	}
	many, err := copies(corpus, large, times)
	if err != nil {
		b.Fatal(err)
	}
	least := map[string]cost{}
	for range rounds {
		for _, what := range []string{"nothing", "bare", "validate", "features", "both", "both at once"} {
			c := worker(b, what, large)
			if old, ok := least[what]; ok {
				c = cost{min(c.cpu, old.cpu), min(c.wall, old.wall), max(c.peak, old.peak)}
			}
			least[what] = c
		}
	}
	each := map[string]cost{}
	for what, c := range least {
		each[what] = c.less(least["nothing"]).over(many)
	}
	python(b, small, few, each)
	show(each)
	fmt.Printf("peak of %d episodes: validate %d, features %d MiB\n", few, worker(b, "validate", small).peak/1024, worker(b, "features", small).peak/1024)
	fmt.Printf("peak of %d episodes: validate %d, features %d MiB\n", many, each["validate"].peak/1024, each["features"].peak/1024)
	b.ReportMetric(0, "ns/op") // the table is the result
}

// less is a cost without that of starting a process.
func (c cost) less(start cost) cost { return cost{c.cpu - start.cpu, c.wall - start.wall, c.peak} }

// over is the cost of one of n episodes.
func (c cost) over(n int) cost {
	return cost{c.cpu / time.Duration(n), c.wall / time.Duration(n), c.peak}
}

func show(each map[string]cost) {
	fmt.Printf("%-18s %10s %10s %9s\n", "an episode", "cpu ms", "wall ms", "peak MiB")
	for _, what := range []string{"bare", "validate", "features", "both", "both at once", "python validate", "python features"} {
		if c, ok := each[what]; ok {
			fmt.Printf("%-18s %10.3f %10.3f %9d\n", what, c.cpu.Seconds()*1000, c.wall.Seconds()*1000, c.peak/1024)
		}
	}
	kinds := each["validate"].cpu + each["features"].cpu
	fmt.Printf("validate and features are %.2f times bare zstd and sha256 (cpu)\n", kinds.Seconds()/each["bare"].cpu.Seconds())
	fmt.Printf("two workers are %.2f times as fast as one (wall)\n", each["both"].wall.Seconds()/each["both at once"].wall.Seconds())
	if p, ok := each["python features"]; ok {
		fmt.Printf("Python's are %.1f times validate and features (cpu)\n", (p.cpu+each["python validate"].cpu).Seconds()/kinds.Seconds())
	}
}

// python runs the original once over the same files.
func python(b *testing.B, dir string, episodes int, each map[string]cost) {
	reference := cmp.Or(os.Getenv("ASSAY_REFERENCE"), "../../../shared/reference/python")
	interpreter := cmp.Or(os.Getenv("PYTHON"), "/usr/bin/python3")
	if _, err := os.Stat(filepath.Join(reference, "episode_io.py")); err != nil {
		fmt.Printf("Python is left out: the original is not at %s (ASSAY_REFERENCE names its folder)\n", reference)
		return
	}
	if out, err := exec.Command(interpreter, "-c", "import numpy, zstandard").CombinedOutput(); err != nil {
		fmt.Printf("Python is left out: %s: %v %s\n", interpreter, err, out)
		return
	}
	for _, what := range []string{"validate", "features"} {
		program := func(what string) cost {
			c := exec.Command(interpreter, "-B", "-c", original, dir, what)
			c.Env = append(os.Environ(), "PYTHONPATH="+reference)
			return measure(b, c)
		}
		start := program("nothing")
		each["python "+what] = program(what).less(start).over(episodes)
	}
}

// original is the loop over a store as the original has it.
const original = `
import pathlib, sys, warnings
import features, episode_io
warnings.filterwarnings("ignore")
for path in sorted(pathlib.Path(sys.argv[1]).glob("store-*/*/*.tar.zst")):
    if sys.argv[2] == "validate":
        episode_io.check_sha256(path)
        episode_io.open_episode(path)
    elif sys.argv[2] == "features":
        episode = episode_io.open_episode(path)
        features.summary_windows(episode)
        features.episode_features(episode)
print(open("/proc/self/status").read())
`

func number(b *testing.B, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 50 {
		b.Fatalf("%s is %q, want 1 to 50", name, text)
	}
	return n
}
