//go:build linux

package trees

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"

	"assay/bench/turns"
)

// TestMain is also the process that is measured.
func TestMain(m *testing.M) {
	if what := os.Getenv("ASSAY_BENCH_WORK"); what != "" {
		if err := work(what); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// BenchmarkRound reports what a round takes and the peak of the process, and what these
// are of the peers': below 1 is less. ASSAY_BENCH_ROUNDS is how often each side is
// measured, in turns, 3 unless said; the figures are the best of all rounds and the median
// of medians.
func BenchmarkRound(b *testing.B) {
	for _, rows := range []int{100_000, 600_000} {
		b.Run(fmt.Sprint("rows=", rows), func(b *testing.B) {
			j := folder(b, recorded(rows, 20_000), job{Rounds: 8, Threads: 1})
			for b.Loop() {
				compare(b, j, peers())
			}
			b.ReportMetric(0, "ns/op") // the other figures are the result
		})
	}
}

// BenchmarkThreads reports how many times as fast, by the clock, a round is on two threads
// as on one.
func BenchmarkThreads(b *testing.B) {
	j := folder(b, recorded(100_000, 20_000), job{Rounds: 8, Threads: 1})
	two := j
	two.Threads = 2
	for b.Loop() {
		var one, both []turns.Result
		for range turns.Number(b, "ASSAY_BENCH_ROUNDS", 3) {
			one = append(one, ours(b, j))
			both = append(both, ours(b, two))
		}
		b.ReportMetric(turns.Together(one).WallBest/turns.Together(both).WallBest, "times")
		b.ReportMetric(turns.Together(one).WallMedian/turns.Together(both).WallMedian, "median-times")
	}
	b.ReportMetric(0, "ns/op")
}

// BenchmarkLoss reports the loss after 200 rounds, and what the prediction of 100,000 rows
// takes then.
func BenchmarkLoss(b *testing.B) {
	j := folder(b, recorded(100_000, 20_000), job{Rounds: 200, Threads: 1, Predict: true, Last: true})
	for b.Loop() {
		own := ours(b, j)
		b.ReportMetric(own.Loss, "mlogloss")
		b.ReportMetric(own.Predict, "predict-ms")
		if python := turns.Python("xgboost, lightgbm"); python != "" {
			r := theirs(b, python, "xgboost", j)
			b.ReportMetric(own.Loss/r.Loss, "of-xgboost-mlogloss")
			b.ReportMetric(own.Predict/r.Predict, "of-xgboost-predict")
		}
	}
	b.ReportMetric(0, "ns/op")
}

func peers() []string { return []string{"xgboost", "lightgbm", "lightgbm-quantised"} }

// compare measures ours and the peers, one after the other, round by round.
func compare(b *testing.B, j job, peers []string) {
	b.Helper()
	python := turns.Python("xgboost, lightgbm")
	if python == "" {
		peers = nil
	}
	var own []turns.Result
	others := make([][]turns.Result, len(peers))
	for range turns.Number(b, "ASSAY_BENCH_ROUNDS", 3) {
		own = append(own, ours(b, j))
		for i, peer := range peers {
			others[i] = append(others[i], theirs(b, python, peer, j))
		}
	}
	o := turns.Together(own)
	b.Logf("%s: %.0f ms (median %.0f), setup %.0f ms, %.0f MiB, mlogloss %.5f", o.Peer, o.CPUBest, o.CPUMedian, o.Setup,
		o.Peak, o.Loss)
	b.ReportMetric(o.CPUBest, "ms")
	b.ReportMetric(o.Peak, "MiB")
	for i, all := range others {
		r := turns.Together(all)
		b.Logf("%s: %.0f ms (median %.0f), setup %.0f ms, %.0f MiB, mlogloss %.5f", r.Peer, r.CPUBest, r.CPUMedian,
			r.Setup, r.Peak, r.Loss)
		b.ReportMetric(o.CPUBest/r.CPUBest, "of-"+peers[i])
		b.ReportMetric(o.CPUMedian/r.CPUMedian, "median-of-"+peers[i])
		b.ReportMetric(o.Peak/r.Peak, "peak-of-"+peers[i])
	}
}

// folder writes a task and returns the job on it.
func folder(b *testing.B, t *task, j job) job {
	b.Helper()
	j.Dir = b.TempDir()
	if err := t.write(j.Dir); err != nil {
		b.Fatal(err)
	}
	if j.Subsample == 0 {
		j.Subsample, j.Colsample = 1, 1
	}
	return j
}

func (j job) text(b *testing.B) string {
	text, err := json.Marshal(j)
	if err != nil {
		b.Fatal(err)
	}
	return string(text)
}

func ours(b *testing.B, j job) turns.Result {
	b.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "ASSAY_BENCH_WORK="+j.text(b), fmt.Sprint("GOMAXPROCS=", j.Threads))
	return turns.Measure(b, c)
}

func theirs(b *testing.B, python, peer string, j job) turns.Result {
	b.Helper()
	c := exec.Command(python, "peer.py", peer, j.text(b))
	c.Env = append(os.Environ(), fmt.Sprint("OMP_NUM_THREADS=", j.Threads))
	return turns.Measure(b, c)
}

// recorded makes rows that look like windows of telemetry: 230 columns mixed of 20
// factors with noise of their own, some with heavy tails, some of few values, a fifth of
// the values missing, most of them in the five columns of a channel at once; six classes
// that the factors tell apart with an effort.
func recorded(train, held int) *task {
	const factors, columns, classes = 20, 230, 6
	rng := rand.New(rand.NewPCG(1, 1))
	normal := func(n int) []float64 {
		list := make([]float64, n)
		for i := range list {
			list[i] = rng.NormFloat64()
		}
		return list
	}
	linear, curved, mixing := normal(factors*classes), normal(factors*classes), normal(factors*columns)
	t := &task{Columns: columns, Classes: classes, Train: train}
	for range train + held {
		z := normal(factors)
		best, at := math.Inf(-1), 0
		for k := range classes {
			score := -math.Log(-math.Log(rng.Float64())) + 1.5*math.Sin(2*dot(z, curved[k*factors:]))
			if score += dot(z, linear[k*factors:]); score > best {
				best, at = score, k
			}
		}
		t.y = append(t.y, int32(at))
		gone := false
		for c := range columns {
			if c%5 == 0 {
				gone = rng.Float64() < 0.15
			}
			v := dot(z, mixing[c*factors:])/4 + rng.NormFloat64()
			switch {
			case gone || rng.Float64() < 0.06:
				v = math.NaN()
			case c%7 == 0:
				v = math.Exp(v)
			case c%11 == 0:
				v = math.Round(4 * v)
			}
			t.x = append(t.x, float32(v))
		}
	}
	return t
}

func dot(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
