package f32

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"assay/steps/kit/kernel/alloctest"
)

func TestChoice(t *testing.T) {
	for _, k := range available() {
		if got, err := choose(k.name); err != nil || got.name != k.name {
			t.Errorf("choose(%q) = %s, %v", k.name, got.name, err)
		}
	}
	got, err := choose("")
	if err != nil || got.name != available()[0].name {
		t.Errorf("without a name: %s, %v", got.name, err)
	}
	got, err = choose("sse9")
	if err == nil || !strings.Contains(err.Error(), "ASSAY_KERNEL=sse9") || got == nil {
		t.Errorf("choose(sse9) = %v, %v", got, err)
	}
}

// TestEnvironment runs this test's own binary with ASSAY_KERNEL.
func TestEnvironment(t *testing.T) {
	if want := os.Getenv("ASSAY_KERNEL_WANT"); want != "" {
		name, err := Kernels()
		if name != want || (err != nil) != (os.Getenv("ASSAY_KERNEL") == "none") {
			t.Fatalf("kernels %s, %v", name, err)
		}
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for chosen, want := range map[string]string{"plain": "plain", "": available()[0].name, "none": available()[0].name} {
		cmd := exec.Command(self, "-test.run", "^TestEnvironment$")
		cmd.Env = append(os.Environ(), "ASSAY_KERNEL="+chosen, "ASSAY_KERNEL_WANT="+want)
		out, err := cmd.CombinedOutput()
		if errors.Is(err, syscall.ENOEXEC) {
			t.Skip("an emulated binary cannot start itself")
		}
		if err != nil {
			t.Errorf("ASSAY_KERNEL=%q: %v\n%s", chosen, err, out)
		}
	}
}

// TestTeam counts that every piece is done once, and that the pieces put together in
// order do not depend on the number of workers.
func TestTeam(t *testing.T) {
	for _, workers := range []int{0, 1, 2, 3, 8} {
		team := NewTeam(workers)
		for _, pieces := range []int{0, 1, 2, 7, 100} {
			done := make([]int32, pieces)
			team.Do(pieces, func(i int) { atomic.AddInt32(&done[i], 1) })
			for i, n := range done {
				if n != 1 {
					t.Fatalf("%d workers: piece %d was done %d times", workers, i, n)
				}
			}
		}
		team.Close()
	}
}

// TestNothingIsAllocated calls everything that a training step calls.
func TestNothingIsAllocated(t *testing.T) {
	x := func(n int) []float32 { return make([]float32, n) }
	a, c := NewMatrix(40, 700), NewMatrix(40, 300)
	w, inputs := NewMatrix(700, 300), NewMatrix(700, 288)
	v, u := x(1200), x(1200)
	var p, q Panels
	team := NewTeam(2)
	defer team.Close()
	piece := func(int) { ReLU(v, v) }
	alloctest.None(t, func() {
		p.Pack(w)
		q.PackT(w)
		MulBias(c, a, p, v[:300])
		MulTAdd(inputs, a, InPlace(c.Columns(0, 288)))
		Exp(v, u)
		Dot(v, u)
		SoftmaxRows(c, 1)
		LSTM(v[:80], u[:20], u[20:40], u[40:60], u[60:80], 4, 5)
		AdamW{}.Step(3, v, u, v, u)
		ColSums(v[:10], u)
		team.Do(2, piece)
	})
}
