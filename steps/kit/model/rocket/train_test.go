package rocket

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/model"
	"assay/steps/kit/model/modeltest"
)

// tones returns windows of three channels, each class with an oscillation of its own in the first
// channel, at any phase and level. The second is noise, in which values are missing, and the third
// is never there.
func tones(n int, seed uint64) Data {
	rng := rand.New(rand.NewPCG(seed, 9))
	d := Data{Series: &model.Series{Columns: 3, Points: 40}}
	for i := range n {
		class := i % 3
		period := 4 + 3*class
		level, phase := 10*rng.NormFloat64(), rng.IntN(period)
		for t := range 40 {
			v := level
			if (t+phase)%period < period/2 {
				v += 3
			}
			noise := rng.NormFloat64()
			if rng.IntN(5) == 0 {
				noise = math.NaN()
			}
			d.Series.Data = append(d.Series.Data, float32(v+0.3*rng.NormFloat64()), float32(noise), float32(math.NaN()))
		}
		d.Series.Start = append(d.Series.Start, i*40)
		set := &d.Train
		if i >= n*2/3 {
			set = &d.Validation
		}
		set.Rows, set.Y = append(set.Rows, i), append(set.Y, int32(class))
	}
	return d
}

func settings() Settings {
	return Settings{Features: 900, Balance: 0.5, Ridges: []float64{0.01, 0.1, 1}, Seed: 1, Workers: 1}
}

func schema() model.Schema {
	return model.Schema{Features: []string{"a", "b", "c"}, Classes: []string{"x", "y", "z", "never"}, Meaning: "m"}
}

func train(t testing.TB, s Settings, d Data) *Fit {
	t.Helper()
	fit, err := Train(t.Context(), s, schema(), 4, d, func(float64) {})
	if err != nil {
		t.Fatal(err)
	}
	return fit
}

// TestTrain learns tones, and tells those of other windows apart.
func TestTrain(t *testing.T) {
	fit := train(t, settings(), tones(180, 1))
	if len(fit.Tries) != 3 || fit.Tries[fit.Best].MacroF1 < 0.95 {
		t.Errorf("the validation part has %+v", fit.Tries)
	}
	for _, try := range fit.Tries {
		if try.Loss < fit.Tries[fit.Best].Loss {
			t.Errorf("%+v is better than the best", try)
		}
	}
	others := tones(90, 2)
	p, right := make([]float32, 4*90), 0
	fit.Model.Predict(p, others.Series.Data)
	for i := range 90 {
		row := p[4*i : 4*i+4]
		if math.Abs(float64(row[0]+row[1]+row[2]+row[3])-1) > 1e-5 || slices.Min(row) < 0 {
			t.Errorf("probabilities %v", row)
		}
		if slices.Max(row) == row[i%3] {
			right++
		}
	}
	if right < 86 {
		t.Errorf("%d windows of 90 are right", right)
	}
}

// goldenModel is the digest of the two files of a model. It is the same for any number of workers
// and on every machine.
const goldenModel = "546023d931b89be34e4ec0b4c0c83861a21e89b079754bd2ece65ee7686049e6"

// TestGolden trains with one worker and with three.
func TestGolden(t *testing.T) {
	for _, workers := range []int{1, 3} {
		s := settings()
		s.Workers = workers
		files := modeltest.Save(t, train(t, s, tones(60, 1)).Model)
		h := sha256.New()
		h.Write(files[File].Data)
		h.Write(files[WeightsFile].Data)
		if got := hex.EncodeToString(h.Sum(nil)); got != goldenModel {
			t.Errorf("%d workers: the model has the digest %s, want %s", workers, got, goldenModel)
		}
	}
}

// TestTrainMoreWindowsThanFeatures solves the primal equations, in several pieces.
func TestTrainMoreWindowsThanFeatures(t *testing.T) {
	s := settings()
	s.Features = kernels
	fit := train(t, s, tones(2000, 1))
	if f1 := fit.Tries[fit.Best].MacroF1; f1 < 0.9 {
		t.Errorf("macro F1 of the validation part is %v", f1)
	}
}

// TestTrainFew trains on one window, and on windows that are all the same.
func TestTrainFew(t *testing.T) {
	d := tones(6, 1)
	d.Train.Rows, d.Train.Y = d.Train.Rows[1:2], d.Train.Y[1:2]
	one := train(t, settings(), d)
	clear(d.Series.Data)
	d.Train = model.Set{Rows: []int{0, 1, 2}, Y: []int32{1, 1, 0}}
	for _, fit := range []*Fit{one, train(t, settings(), d)} {
		p := make([]float32, 4)
		fit.Model.Predict(p, make([]float32, 120))
		if !fit.Flat || slices.Max(p) != p[1] || p[1] == p[0] {
			t.Errorf("of one kind of windows it learned %v, %v, want the usual class", fit.Flat, p)
		}
	}
	if train(t, settings(), tones(12, 1)).Flat {
		t.Error("of several kinds of windows it learned nothing")
	}
}

func TestTrainRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*Settings, *Data){
		"features is 83, want 84 to 100000":     func(s *Settings, _ *Data) { s.Features = 83 },
		"class_weights is NaN":                  func(s *Settings, _ *Data) { s.Balance = math.NaN() },
		"ridges has 0 numbers":                  func(s *Settings, _ *Data) { s.Ridges = nil },
		"ridges has 0, want numbers":            func(s *Settings, _ *Data) { s.Ridges = []float64{0, 1} },
		"want the strengths in ascending order": func(s *Settings, _ *Data) { s.Ridges = []float64{1, 0.1} },
		"are more than 1073741824 numbers; take 93 features": func(s *Settings, d *Data) {
			d.Train.Rows = make([]int, mostCells/93)
			d.Series = &model.Series{Columns: 1, Points: 9, Data: make([]float32, 9), Start: []int{0}}
		},
	} {
		s, d := settings(), tones(12, 1)
		spoil(&s, &d)
		if _, err := Train(t.Context(), s, schema(), 4, d, func(float64) {}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Train(ctx, settings(), schema(), 4, tones(12, 1), func(float64) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("after an interruption: %v", err)
	}
}
