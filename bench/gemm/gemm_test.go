//go:build linux

package gemm

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"assay/steps/kit/kernel/f32"
)

// rounds and slice say how long one shape is measured: so many times in turns,
// so long each.
const (
	rounds = 12
	slice  = 250 * time.Millisecond
)

var shapes = []struct{ m, k, n int }{{256, 230, 512}, {6400, 230, 64}, {1024, 1024, 1024}, {100, 64, 100}, {256, 128, 512}, {1000, 1000, 1000}}

// BenchmarkGEMM reports GFLOPS, best over all rounds, and the ratio to the peer's,
// best over best. ASSAY_BENCH_PYTHON names a Python that has numpy.
func BenchmarkGEMM(b *testing.B) {
	name, err := f32.Kernels()
	if err != nil {
		b.Fatal(err)
	}
	p, err := startPeer()
	if err != nil {
		b.Logf("without numpy: %v", err)
	} else {
		b.Logf("kernels %s against %s", name, p.about)
		defer p.stop()
	}
	for _, s := range shapes {
		b.Run(fmt.Sprintf("%dx%dx%d", s.m, s.k, s.n), func(b *testing.B) {
			for b.Loop() {
				measure(b, p, s.m, s.k, s.n)
			}
		})
	}
}

func measure(b *testing.B, p *peer, m, k, n int) {
	flops := 2 * float64(m) * float64(k) * float64(n)
	own, packing, theirs := 1e9, 1e9, 1e9
	multiply, pack := work(m, k, n)
	for range rounds {
		own = min(own, best(flops, multiply))
		packing = min(packing, best(flops, func() { pack(); multiply() }))
		if p != nil {
			t, err := p.time(m, k, n)
			if err != nil {
				b.Fatal(err)
			}
			theirs = min(theirs, t)
		}
	}
	b.ReportMetric(flops/own/1e9, "GFLOPS")
	b.ReportMetric(flops/packing/1e9, "packing-GFLOPS")
	if p != nil {
		b.ReportMetric(flops/theirs/1e9, "OpenBLAS-GFLOPS")
		b.ReportMetric(theirs/own, "×OpenBLAS")
		b.ReportMetric(theirs/packing, "packing-×OpenBLAS")
	}
}

// work returns a product with weights that are packed, and what packs them.
func work(m, k, n int) (multiply, pack func()) {
	rng := rand.New(rand.NewPCG(1, 2))
	a, w, c := f32.NewMatrix(m, k), f32.NewMatrix(k, n), f32.NewMatrix(m, n)
	for _, x := range [][]float32{a.Data, w.Data} {
		for i := range x {
			x[i] = float32(rng.NormFloat64())
		}
	}
	var panels f32.Panels
	pack = func() { panels.Pack(w) }
	pack()
	return func() { f32.Mul(c, a, panels) }, pack
}

// best returns the least processor time of one call, in seconds.
func best(flops float64, f func()) float64 {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	repeats := max(1, int(2e8/flops))
	least := 1e9
	for end := time.Now().Add(slice); time.Now().Before(end); {
		start := threadTime()
		for range repeats {
			f()
		}
		least = min(least, (threadTime()-start)/float64(repeats))
	}
	return least
}

// threadTime returns the processor time of this thread, in seconds.
func threadTime() float64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano()).Seconds()
}

// A peer is a process that multiplies with numpy.
type peer struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
	about   string
}

func startPeer() (*peer, error) {
	python := os.Getenv("ASSAY_BENCH_PYTHON")
	if python == "" {
		python = "python3"
	}
	cmd := exec.Command(python, "peer.py")
	cmd.Env = append(os.Environ(), "OPENBLAS_NUM_THREADS=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &peer{command: cmd, in: in, out: bufio.NewScanner(out)}
	if !p.out.Scan() {
		return nil, fmt.Errorf("%s has no numpy", python)
	}
	p.about = p.out.Text()
	return p, nil
}

func (p *peer) time(m, k, n int) (float64, error) {
	fmt.Fprintln(p.in, m, k, n, slice.Seconds())
	if !p.out.Scan() {
		return 0, fmt.Errorf("numpy ended: %v", p.out.Err())
	}
	return strconv.ParseFloat(strings.TrimSpace(p.out.Text()), 64)
}

func (p *peer) stop() {
	p.in.Close()
	p.command.Wait()
}
