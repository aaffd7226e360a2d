//go:build linux

package nn

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/bench/turns"
	"assay/steps/kit/model/onnx"
)

var families = []string{"mlp", "cnn", "gru", "lstm", "transformer"}

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

// BenchmarkStep reports the processor time of a training step on one thread: batch
// 256, 100 points of 46 inputs, hidden 64; the mlp 230 inputs, hidden 256. A ratio
// above 1 means that ours is faster. ASSAY_BENCH_ROUNDS is how often each side is
// measured, in turns, 3 unless said; ASSAY_BENCH_SECONDS is how long, 3 unless said.
func BenchmarkStep(b *testing.B) {
	p := findPython()
	for _, family := range families {
		b.Run(family, func(b *testing.B) {
			for b.Loop() {
				own, theirs := inTurns(b, p, 1, "step", family, "1", lasting(b))
				b.ReportMetric(own.CPUBest, "ms")
				b.ReportMetric(own.CPUMedian, "median-ms")
				for _, r := range theirs {
					b.Logf("%s, oneDNN %v", r.Peer, r.OneDNN)
					b.ReportMetric(r.CPUBest, "PyTorch-ms")
					b.ReportMetric(r.CPUMedian, "PyTorch-median-ms")
					b.ReportMetric(r.CPUBest/own.CPUBest, "×PyTorch")
					b.ReportMetric(r.CPUMedian/own.CPUMedian, "median-×PyTorch")
				}
			}
			b.ReportMetric(0, "ns/op") // the other figures are the result
		})
	}
}

// BenchmarkWindow reports the processor time of one window on one thread, with the
// scaler and softmax. onnxruntime gets the network twice, as assay exports it and as
// torch.onnx does, and the faster one counts.
func BenchmarkWindow(b *testing.B) {
	p := findPython()
	for _, family := range families {
		b.Run(family, func(b *testing.B) {
			p := p
			exported := filepath.Join(b.TempDir(), family+".onnx")
			if err := export(family, exported); err != nil {
				b.Fatal(err)
			}
			if len(p.ways) > 0 {
				p.ways = [][]string{{exported}, nil}
			}
			for b.Loop() {
				own, theirs := inTurns(b, p, 1, "window", family, lasting(b))
				b.ReportMetric(own.CPUBest*1e3, "µs")
				b.ReportMetric(own.CPUMedian*1e3, "median-µs")
				if len(theirs) == 0 {
					continue
				}
				best, median := min(theirs[0].CPUBest, theirs[1].CPUBest), min(theirs[0].CPUMedian, theirs[1].CPUMedian)
				b.ReportMetric(theirs[0].CPUBest*1e3, "onnxruntime-µs")
				b.ReportMetric(theirs[1].CPUBest*1e3, "onnxruntime-torch.onnx-µs")
				b.ReportMetric(best/own.CPUBest, "×onnxruntime")
				b.ReportMetric(median/own.CPUMedian, "median-×onnxruntime")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// export writes a network as assay export does.
func export(family, path string) error {
	net, _, err := trained(family)
	if err != nil {
		return err
	}
	file, err := onnx.Encode(net)
	if err != nil {
		return err
	}
	return os.WriteFile(path, file, 0o666)
}

// BenchmarkThreads reports how many times as fast as one thread two are in a training
// step, on the clock.
func BenchmarkThreads(b *testing.B) {
	p := findPython()
	for _, family := range families {
		b.Run(family, func(b *testing.B) {
			for b.Loop() {
				one, theirOne := inTurns(b, p, 1, "step", family, "1", lasting(b))
				two, theirTwo := inTurns(b, p, 2, "step", family, "2", lasting(b))
				b.ReportMetric(two.WallBest, "ms")
				b.ReportMetric(one.WallBest/two.WallBest, "×one")
				b.ReportMetric(one.WallMedian/two.WallMedian, "median-×one")
				for i, r := range theirTwo {
					b.ReportMetric(r.WallBest, "PyTorch-ms")
					b.ReportMetric(theirOne[i].WallBest/r.WallBest, "PyTorch-×one")
					b.ReportMetric(r.WallBest/two.WallBest, "×PyTorch")
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// inTurns measures ours and the peers, one after the other, round by round. Of the
// best the best counts, of the medians their median.
func inTurns(b *testing.B, p python, threads int, args ...string) (own turns.Result, theirs []turns.Result) {
	b.Helper()
	var ours []turns.Result
	others := make([][]turns.Result, len(p.ways))
	for range turns.Number(b, "ASSAY_BENCH_ROUNDS", 3) {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "ASSAY_BENCH_WORK="+strings.Join(args, " "), fmt.Sprint("GOMAXPROCS=", threads))
		ours = append(ours, turns.Measure(b, c))
		for i, more := range p.ways {
			c := exec.Command(p.name, slices.Concat([]string{"peer.py"}, args, more)...)
			c.Env = append(os.Environ(), fmt.Sprint("OMP_NUM_THREADS=", threads))
			others[i] = append(others[i], turns.Measure(b, c))
		}
	}
	for _, all := range others {
		theirs = append(theirs, turns.Together(all))
	}
	return turns.Together(ours), theirs
}

// A python runs the peers: once for each way, which is what peer.py is told besides.
// Without any there are no peers.
type python struct {
	name string
	ways [][]string
}

// findPython returns the Python that has what the peers need.
func findPython() python {
	if name := turns.Python("torch, onnx, onnxruntime"); name != "" {
		return python{name, [][]string{nil}}
	}
	return python{}
}

func lasting(b *testing.B) string { return fmt.Sprint(turns.Number(b, "ASSAY_BENCH_SECONDS", 3)) }
