//go:build linux

// Package turns holds what the benchmarks against peers in Python share: each side is a
// process of its own that writes a [Result], and the sides are measured in turns. Call
// [Python] to find the peers, [Measure] to run a process, and [Together] to sum up rounds.
package turns

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A Result is what a process found out, in milliseconds per call. Ours and the peers' are
// written alike.
type Result struct {
	Peer       string  `json:"peer"`
	OneDNN     bool    `json:"onednn"` // of PyTorch
	CPUBest    float64 `json:"cpu_best"`
	CPUMedian  float64 `json:"cpu_median"`
	WallBest   float64 `json:"wall_best"`
	WallMedian float64 `json:"wall_median"`
	Calls      int     `json:"calls"`

	// Of boosted trees.
	Setup   float64 `json:"setup,omitempty"`   // processor time before the first round, in milliseconds
	Peak    float64 `json:"peak,omitempty"`    // largest resident memory, in MiB
	Loss    float64 `json:"loss,omitempty"`    // of rows held out
	Predict float64 `json:"predict,omitempty"` // processor time of a prediction, in milliseconds
}

// ResultOf returns the result of times in milliseconds, which it sorts.
func ResultOf(peer string, cpu, wall []float64, calls int) Result {
	slices.Sort(cpu)
	slices.Sort(wall)
	return Result{Peer: peer, Calls: calls, CPUBest: cpu[0], CPUMedian: cpu[len(cpu)/2],
		WallBest: wall[0], WallMedian: wall[len(wall)/2]}
}

// Together sums up the results of several rounds: the best of the best, and the median of
// the medians.
func Together(all []Result) Result {
	of := func(pick func(Result) float64) []float64 {
		var list []float64
		for _, r := range all {
			list = append(list, pick(r))
		}
		slices.Sort(list)
		return list
	}
	r := all[0]
	r.CPUBest = of(func(r Result) float64 { return r.CPUBest })[0]
	r.WallBest = of(func(r Result) float64 { return r.WallBest })[0]
	r.CPUMedian = of(func(r Result) float64 { return r.CPUMedian })[len(all)/2]
	r.WallMedian = of(func(r Result) float64 { return r.WallMedian })[len(all)/2]
	r.Setup = of(func(r Result) float64 { return r.Setup })[0]
	r.Peak = of(func(r Result) float64 { return r.Peak })[len(all)/2]
	return r
}

// Measure runs a process that writes a result.
func Measure(b *testing.B, c *exec.Cmd) (r Result) {
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

// Python returns the Python that ASSAY_BENCH_PYTHON names, python3 unless it is set, or ""
// if it lacks a module. modules are separated by commas.
func Python(modules string) string {
	name := cmp.Or(os.Getenv("ASSAY_BENCH_PYTHON"), "python3")
	out, err := exec.Command(name, "-c", "import "+modules).CombinedOutput()
	if err == nil {
		return name
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	fmt.Printf("left out: %s: %s: %v: %s (ASSAY_BENCH_PYTHON names a Python that has these modules)\n",
		modules, name, err, lines[len(lines)-1])
	return ""
}

// Number returns the number of an environment variable, 1 to 60, or otherwise.
func Number(b *testing.B, name string, otherwise int) int {
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

// Peak returns the largest resident memory of this process so far, in MiB. Getrusage says
// at least what the process that started this one had.
func Peak() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kib float64
	if _, err := fmt.Sscan(after, &kib); err != nil {
		panic(err)
	}
	return kib / 1024
}

// ProcessTime returns the processor time of this process so far, in all its threads.
func ProcessTime() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
