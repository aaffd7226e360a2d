//go:build linux

package neighbours

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestMain is also the process that is measured.
func TestMain(m *testing.M) {
	if what := os.Getenv("ASSAY_BENCH_WORK"); what != "" {
		if err := work(strings.Fields(what)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// A result is what a process found out, in milliseconds per query. Ours and the peers'
// are written alike.
type result struct {
	Peer       string  `json:"peer"`
	CPUBest    float64 `json:"cpu_best"`
	CPUMedian  float64 `json:"cpu_median"`
	WallBest   float64 `json:"wall_best"`
	WallMedian float64 `json:"wall_median"`
	Calls      int     `json:"calls"`
}

// BenchmarkNeighbours reports the processor time of a query, of one by itself and of 64
// together, and what it is of the peers': below 1 ours is faster. ASSAY_BENCH_ROUNDS is
// how often each side is measured, in turns, 3 unless said; ASSAY_BENCH_SECONDS is how
// long, 3 unless said.
func BenchmarkNeighbours(b *testing.B) {
	python, peers := findPython(b)
	file := filepath.Join(b.TempDir(), "rows.f32")
	if len(peers) > 0 {
		if err := write(file); err != nil {
			b.Fatal(err)
		}
	}
	for _, batch := range []int{1, 64} {
		b.Run(fmt.Sprint("batch=", batch), func(b *testing.B) {
			for b.Loop() {
				own, theirs := inTurns(b, python, peers, file, batch)
				b.ReportMetric(own.CPUBest, "ms")
				b.ReportMetric(own.CPUMedian, "median-ms")
				for i, r := range theirs {
					b.Log(r.Peer)
					b.ReportMetric(r.CPUBest, peers[i]+"-ms")
					b.ReportMetric(r.CPUMedian, peers[i]+"-median-ms")
					b.ReportMetric(own.CPUBest/r.CPUBest, "of-"+peers[i])
					b.ReportMetric(own.CPUMedian/r.CPUMedian, "median-of-"+peers[i])
				}
			}
			b.ReportMetric(0, "ns/op") // the other figures are the result
		})
	}
}

// inTurns measures ours and the peers, one after the other, round by round. Of the best
// the best counts, of the medians their median.
func inTurns(b *testing.B, python string, peers []string, file string, batch int) (own result, theirs []result) {
	b.Helper()
	var ours []result
	others := make([][]result, len(peers))
	seconds := fmt.Sprint(number(b, "ASSAY_BENCH_SECONDS", 3))
	for range number(b, "ASSAY_BENCH_ROUNDS", 3) {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), fmt.Sprintf("ASSAY_BENCH_WORK=%d %s", batch, seconds), "GOMAXPROCS=1")
		ours = append(ours, measure(b, c))
		for i, peer := range peers {
			c := exec.Command(python, "peer.py", peer, file, fmt.Sprint(batch), seconds)
			c.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1")
			others[i] = append(others[i], measure(b, c))
		}
	}
	for _, all := range others {
		theirs = append(theirs, together(all))
	}
	return together(ours), theirs
}

// measure runs a process that writes a result.
func measure(b *testing.B, c *exec.Cmd) (r result) {
	b.Helper()
	var complaints bytes.Buffer
	c.Stderr = &complaints
	out, err := c.Output()
	if err != nil {
		b.Fatalf("%s: %v\n%s", c, err, complaints.Bytes())
	}
	if err := json.Unmarshal(out, &r); err != nil || r.Calls == 0 {
		b.Fatalf("%s wrote %q: %v", c, out, err)
	}
	return r
}

func together(all []result) result {
	r := all[0]
	var medians []float64
	for _, one := range all {
		r.CPUBest, r.WallBest = min(r.CPUBest, one.CPUBest), min(r.WallBest, one.WallBest)
		medians = append(medians, one.CPUMedian)
	}
	slices.Sort(medians)
	r.CPUMedian = medians[len(medians)/2]
	return r
}

// findPython returns the Python that ASSAY_BENCH_PYTHON names, python3 unless said, and
// the peers, if it has them.
func findPython(b *testing.B) (string, []string) {
	name := cmp.Or(os.Getenv("ASSAY_BENCH_PYTHON"), "python3")
	out, err := exec.Command(name, "-c", "import sklearn, faiss").CombinedOutput()
	if err == nil {
		return name, []string{"scikit-learn", "faiss", "faiss-blas"}
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	fmt.Printf("scikit-learn and faiss are left out: %s: %v: %s (ASSAY_BENCH_PYTHON names a Python that has them)\n",
		name, err, lines[len(lines)-1])
	return "", nil
}

func number(b *testing.B, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 60 {
		b.Fatalf("%s is %q, want 1 to 60", name, text)
	}
	return n
}
