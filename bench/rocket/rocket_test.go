//go:build linux

package rocket

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"assay/bench/turns"
	"assay/steps/kit/model"
	"assay/steps/kit/model/rocket"
)

const (
	windows  = 48
	channels = 46
	seconds  = 2 // that each side is measured for, in each round
	rounds   = 3 // in turns
)

// BenchmarkWindow reports the processor time of one window on one thread, the best of all calls. A
// ratio above 1 means that ours is faster.
func BenchmarkWindow(b *testing.B) {
	python := turns.Python("aeon")
	for _, points := range []int{50, 100} {
		b.Run(fmt.Sprint(points, "points"), func(b *testing.B) {
			m, x := trained(b, points)
			for b.Loop() {
				own, theirs := math.Inf(1), math.Inf(1)
				for range rounds {
					own = min(own, measure(m, x))
					if python != "" {
						theirs = min(theirs, peer(b, python, points))
					}
				}
				b.ReportMetric(own, "ms")
				if python != "" {
					b.ReportMetric(theirs, "aeon-ms")
					b.ReportMetric(theirs/own, "×aeon")
				}
			}
			b.ReportMetric(0, "ns/op") // the other figures are the result
		})
	}
}

// trained returns a model and the windows that it is measured with.
func trained(b *testing.B, points int) (*rocket.Model, []float32) {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	s := &model.Series{Columns: channels, Points: points, Data: make([]float32, windows*points*channels)}
	for i := range s.Data {
		s.Data[i] = float32(rng.NormFloat64())
	}
	d := rocket.Data{Series: s}
	schema := model.Schema{Classes: []string{"a", "b", "c", "d", "e", "f"}}
	for c := range channels {
		schema.Features = append(schema.Features, fmt.Sprint(c))
	}
	for i := range windows {
		s.Start = append(s.Start, i*points)
		set := []*model.Set{&d.Train, &d.Validation}[i%2]
		set.Rows, set.Y = append(set.Rows, i), append(set.Y, int32(i/2%6))
	}
	settings := rocket.Settings{Features: 10_000, Ridges: []float64{1}, Workers: 1}
	fit, err := rocket.Train(b.Context(), settings, schema, 10, d, func(float64) {})
	if err != nil {
		b.Fatal(err)
	}
	return fit.Model, s.Data
}

// measure returns the milliseconds of processor time that a window takes.
func measure(m *rocket.Model, x []float32) float64 {
	runtime.GC()
	p := make([]float32, windows*6)
	best := math.Inf(1)
	for end := time.Now().Add(seconds * time.Second); time.Now().Before(end); {
		begin := turns.ProcessTime()
		m.Predict(p, x)
		best = min(best, float64((turns.ProcessTime()-begin).Microseconds())/1e3/windows)
	}
	return best
}

// peer returns what [measure] does, of aeon.
func peer(b *testing.B, python string, points int) float64 {
	b.Helper()
	c := exec.Command(python, "peer.py", fmt.Sprint(points), fmt.Sprint(seconds))
	c.Env = append(os.Environ(), "NUMBA_NUM_THREADS=1", "OMP_NUM_THREADS=1")
	var complaints bytes.Buffer
	c.Stderr = &complaints
	out, err := c.Output()
	if err != nil {
		b.Fatalf("%s: %v\n%s", c, err, complaints.Bytes())
	}
	var r struct{ MS float64 }
	if err := json.Unmarshal(out, &r); err != nil || !(r.MS > 0) {
		b.Fatalf("%s wrote %q: %v", c, out, err)
	}
	return r.MS
}
