//go:build linux

package neighbours

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"assay/bench/turns"
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

// BenchmarkNeighbours reports the processor time of a query, of one by itself and of 64
// together, and what it is of the peers': below 1 ours is faster. ASSAY_BENCH_ROUNDS is
// how often each side is measured, in turns, 3 unless said; ASSAY_BENCH_SECONDS is how
// long, 3 unless said.
func BenchmarkNeighbours(b *testing.B) {
	python, peers := findPython()
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
func inTurns(b *testing.B, python string, peers []string, file string, batch int) (own turns.Result, theirs []turns.Result) {
	b.Helper()
	var ours []turns.Result
	others := make([][]turns.Result, len(peers))
	seconds := fmt.Sprint(turns.Number(b, "ASSAY_BENCH_SECONDS", 3))
	for range turns.Number(b, "ASSAY_BENCH_ROUNDS", 3) {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), fmt.Sprintf("ASSAY_BENCH_WORK=%d %s", batch, seconds), "GOMAXPROCS=1")
		ours = append(ours, turns.Measure(b, c))
		for i, peer := range peers {
			c := exec.Command(python, "peer.py", peer, file, fmt.Sprint(batch), seconds)
			c.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1")
			others[i] = append(others[i], turns.Measure(b, c))
		}
	}
	for _, all := range others {
		theirs = append(theirs, turns.Together(all))
	}
	return turns.Together(ours), theirs
}

// findPython returns the Python that has the peers, and their names.
func findPython() (string, []string) {
	if name := turns.Python("sklearn, faiss"); name != "" {
		return name, []string{"scikit-learn", "faiss", "faiss-blas"}
	}
	return "", nil
}
