//go:build linux

package nn

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
	p := findPython(b)
	for _, family := range families {
		b.Run(family, func(b *testing.B) {
			for b.Loop() {
				own, theirs := inTurns(b, p, 1, "step", family, "1", lasting(b))
				b.ReportMetric(own.CPUBest, "ms")
				b.ReportMetric(own.CPUMedian, "median-ms")
				if theirs.Calls > 0 {
					b.Logf("%s, oneDNN %v", theirs.Peer, theirs.OneDNN)
					b.ReportMetric(theirs.CPUBest, "PyTorch-ms")
					b.ReportMetric(theirs.CPUMedian, "PyTorch-median-ms")
					b.ReportMetric(theirs.CPUBest/own.CPUBest, "×PyTorch")
					b.ReportMetric(theirs.CPUMedian/own.CPUMedian, "median-×PyTorch")
				}
			}
			b.ReportMetric(0, "ns/op") // the other figures are the result
		})
	}
}

// BenchmarkWindow reports the processor time of one window on one thread, with the
// scaler and softmax, against onnxruntime. ASSAY_BENCH_ONNX names a folder with
// FAMILY.onnx, such as assay exports; without it they are those of torch.onnx.
func BenchmarkWindow(b *testing.B) {
	p := findPython(b)
	for _, family := range families {
		b.Run(family, func(b *testing.B) {
			p := *p
			if folder := os.Getenv("ASSAY_BENCH_ONNX"); folder != "" {
				p.extra = []string{filepath.Join(folder, family+".onnx")}
			}
			for b.Loop() {
				own, theirs := inTurns(b, &p, 1, "window", family, lasting(b))
				b.ReportMetric(own.CPUBest*1e3, "µs")
				b.ReportMetric(own.CPUMedian*1e3, "median-µs")
				if theirs.Calls > 0 {
					b.ReportMetric(theirs.CPUBest*1e3, "onnxruntime-µs")
					b.ReportMetric(theirs.CPUMedian*1e3, "onnxruntime-median-µs")
					b.ReportMetric(theirs.CPUBest/own.CPUBest, "×onnxruntime")
					b.ReportMetric(theirs.CPUMedian/own.CPUMedian, "median-×onnxruntime")
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkThreads reports how many times as fast as one thread two are in a training
// step, on the clock.
func BenchmarkThreads(b *testing.B) {
	p := findPython(b)
	for _, family := range families {
		b.Run(family, func(b *testing.B) {
			for b.Loop() {
				one, theirOne := inTurns(b, p, 1, "step", family, "1", lasting(b))
				two, theirTwo := inTurns(b, p, 2, "step", family, "2", lasting(b))
				b.ReportMetric(two.WallBest, "ms")
				b.ReportMetric(one.WallBest/two.WallBest, "×one")
				b.ReportMetric(one.WallMedian/two.WallMedian, "median-×one")
				if theirTwo.Calls > 0 {
					b.ReportMetric(theirTwo.WallBest, "PyTorch-ms")
					b.ReportMetric(theirOne.WallBest/theirTwo.WallBest, "PyTorch-×one")
					b.ReportMetric(theirTwo.WallBest/two.WallBest, "×PyTorch")
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// inTurns measures ours and the peer, one after the other, round by round. Of the
// best the best counts, of the medians their median.
func inTurns(b *testing.B, p *python, threads int, args ...string) (own, theirs result) {
	b.Helper()
	var ours, others []result
	for range number(b, "ASSAY_BENCH_ROUNDS", 3) {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "ASSAY_BENCH_WORK="+strings.Join(args, " "), fmt.Sprint("GOMAXPROCS=", threads))
		ours = append(ours, measure(b, c))
		if p.name != "" {
			c := exec.Command(p.name, append(append([]string{"peer.py"}, args...), p.extra...)...)
			c.Env = append(os.Environ(), fmt.Sprint("OMP_NUM_THREADS=", threads))
			others = append(others, measure(b, c))
		}
	}
	return together(ours), together(others)
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

func together(all []result) (r result) {
	if len(all) == 0 {
		return r
	}
	of := func(pick func(result) float64) []float64 {
		var list []float64
		for _, r := range all {
			list = append(list, pick(r))
		}
		slices.Sort(list)
		return list
	}
	r = all[0]
	r.CPUBest = of(func(r result) float64 { return r.CPUBest })[0]
	r.WallBest = of(func(r result) float64 { return r.WallBest })[0]
	r.CPUMedian = of(func(r result) float64 { return r.CPUMedian })[len(all)/2]
	r.WallMedian = of(func(r result) float64 { return r.WallMedian })[len(all)/2]
	return r
}

// A python runs the peers; without a name there are none.
type python struct {
	name  string
	extra []string // arguments of peer.py
}

// findPython returns the Python that ASSAY_BENCH_PYTHON names, python3 unless said,
// if it has what the peers need.
func findPython(b *testing.B) *python {
	name := cmp.Or(os.Getenv("ASSAY_BENCH_PYTHON"), "python3")
	if out, err := exec.Command(name, "-c", "import torch, onnx, onnxruntime").CombinedOutput(); err != nil {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		fmt.Printf("PyTorch and onnxruntime are left out: %s: %v: %s (ASSAY_BENCH_PYTHON names a Python that has them)\n",
			name, err, lines[len(lines)-1])
		return &python{}
	}
	return &python{name: name}
}

func lasting(b *testing.B) string { return fmt.Sprint(number(b, "ASSAY_BENCH_SECONDS", 3)) }

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
