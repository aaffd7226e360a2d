//go:build unix

package engine_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"assay/artifacts/store"
	"assay/engine"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/engine/step"
)

// BenchmarkCold runs 1,000 tiny steps in this process with an empty store: almost all of the
// time is the engine's own.
func BenchmarkCold(b *testing.B) {
	kind := step.Define("tiny", "1", "writes its number", struct {
		N int `json:"n"`
	}{}, func(_ context.Context, p struct {
		N int `json:"n"`
	}, _ struct{}, out struct{ O *os.Root }) error {
		return out.O.WriteFile("f", fmt.Append(nil, p.N), 0o666)
	})
	const steps = 1000
	var text strings.Builder
	text.WriteString("steps:\n")
	for i := range steps {
		fmt.Fprintf(&text, "  s%d: {uses: tiny, with: {n: %d}}\n", i, i)
	}
	cpu := time.Duration(0)
	for b.Loop() {
		b.StopTimer()
		st, err := store.Open(b.TempDir(), func(string) {})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		before := cpuTime(b)
		var ms recipe.Mistakes
		r := recipe.Parse(&recipe.File{Name: "r.yaml", Text: []byte(text.String())}, nil, &ms)
		g := graph.New(r, []*step.Kind{kind}, &ms)
		if err := ms.Err(); err != nil {
			b.Fatal(err)
		}
		e := &engine.Engine{Store: st, Executor: engine.Local{Cores: 2}}
		if _, err := e.Run(b.Context(), g); err != nil {
			b.Fatal(err)
		}
		st.Close()
		cpu += cpuTime(b) - before
	}
	b.ReportMetric(float64(cpu.Microseconds())/float64(b.N)/steps, "cpu-µs/step")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/steps, "µs/step")
}

// cpuTime returns the processor time of this process so far, in user and kernel mode.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
