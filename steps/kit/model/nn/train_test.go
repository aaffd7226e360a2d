package nn

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"assay/steps/kit/kernel"
	"assay/steps/kit/model"
)

// tiny returns windows whose class shows in the level of one channel, a third of them
// for validation, and settings under which that is learned.
func tiny(family string, windows int) (Network, Settings, Data) {
	n := Network{Family: family, Hidden: 32, Dropout: 0.1}
	s := &model.Series{Columns: 5, Points: 12}
	if family == MLP {
		s.Points = 1
	}
	rng := rand.New(rand.NewPCG(8, 9))
	d := Data{Series: s, Classes: 3}
	for i := range windows {
		class := int32(i % 3)
		set := &d.Train
		if i%4 == 3 {
			set = &d.Validation
		}
		set.Rows, set.Y = append(set.Rows, i), append(set.Y, class)
		s.Start = append(s.Start, i*s.Points)
		for range s.Points {
			for c := range s.Columns {
				x := float32(rng.NormFloat64())
				if c == 2 {
					x += 30 * float32(class*class*class*class)
				}
				s.Data = append(s.Data, x)
			}
		}
	}
	return n, Settings{Epochs: 12, Patience: 12, Batch: 16, Rate: 0.01, Decay: 0.01, Warmup: 0.1, Clip: 1,
		Smoothing: 0.05, Balance: 0.5, DropChannels: 0.1, Seed: 3, Workers: 2}, d
}

func allFamilies() []string { return []string{MLP, CNN, GRU, LSTM, Transformer} }

func train(t *testing.T, n Network, s Settings, d Data, p Progress) (*Fit, []Epoch) {
	t.Helper()
	var told []Epoch
	fit, err := Train(t.Context(), n, s, d, p, func(_ int, e Epoch) { told = append(told, e) })
	if err != nil {
		t.Fatal(err)
	}
	return fit, told
}

// TestTrainLearns has every family learn what is easy.
func TestTrainLearns(t *testing.T) {
	for _, family := range allFamilies() {
		n, s, d := tiny(family, 120)
		s.Epochs = 20
		fit, told := train(t, n, s, d, nil)
		if got := fit.Curve[fit.Best].MacroF1; got < 0.99 {
			t.Errorf("%s: macro F1 %v on validation, want 1", family, got)
		}
		if len(told) != len(fit.Curve) {
			t.Errorf("%s: told was called %d times for %d epochs", family, len(told), len(fit.Curve))
		}
	}
}

// A memory keeps states, and fails after some of them, as a kill would.
type memory struct {
	state []byte
	left  int
}

var errKilled = errors.New("killed")

func (m *memory) Load() ([]byte, error) { return m.state, nil }

func (m *memory) Save(state []byte) error {
	if m.left--; m.left < 0 {
		return errKilled
	}
	m.state = bytes.Clone(state)
	return nil
}

// TestResume ends trainings after some epochs and goes on: the result has the same
// bits as one that was never ended, whatever became of the state.
func TestResume(t *testing.T) {
	for _, family := range allFamilies() {
		n, s, d := tiny(family, 60)
		s.Epochs = 6
		want, _ := train(t, n, s, d, nil)
		m := &memory{left: 2}
		if _, err := Train(t.Context(), n, s, d, m, func(int, Epoch) {}); !errors.Is(err, errKilled) {
			t.Fatalf("%s: error %v", family, err)
		}
		for name, state := range map[string][]byte{
			"kept": m.state, "lost": nil, "cut": m.state[:len(m.state)/2],
			"changed": append(bytes.Clone(m.state[:len(m.state)-1]), m.state[len(m.state)-1]^1),
		} {
			got, told := train(t, n, s, d, &memory{state: state, left: 100})
			if !reflect.DeepEqual(got.Net.state(), want.Net.state()) || !reflect.DeepEqual(got.Curve, want.Curve) {
				t.Errorf("%s, state %s: another result", family, name)
			}
			ran := want.Curve
			if name == "kept" {
				ran = ran[2:]
			}
			if !reflect.DeepEqual(told, ran) {
				t.Errorf("%s, state %s: %d epochs told, want %d", family, name, len(told), len(ran))
			}
		}
		n.Hidden = 64 // the state has other shapes
		if _, err := Train(t.Context(), n, s, d, &memory{state: m.state, left: 100}, func(int, Epoch) {}); err != nil {
			t.Errorf("%s: a state of another network: %v", family, err)
		}
	}
}

// TestResumeGoesOn proves that a kept state is used.
func TestResumeGoesOn(t *testing.T) {
	n, s, d := tiny(MLP, 60)
	m := &memory{left: 5}
	if _, err := Train(t.Context(), n, s, d, m, func(int, Epoch) {}); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	again := &memory{state: m.state, left: 100}
	train(t, n, s, d, again)
	if ran := 100 - again.left; ran != s.Epochs-5 {
		t.Errorf("%d epochs were run after 5 of %d", ran, s.Epochs)
	}
}

// TestOddData trains on what is hardly data.
func TestOddData(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, spoil := range map[string]func(s *Settings, d *Data){
		"a channel that is never there": func(_ *Settings, d *Data) {
			for i := range d.Series.Data {
				if i%5 == 1 {
					d.Series.Data[i] = nan
				}
			}
		},
		"infinite values":  func(_ *Settings, d *Data) { d.Series.Data[3], d.Series.Data[8] = inf, -inf },
		"a constant":       func(_ *Settings, d *Data) { setColumn(d.Series, 4, 1e30) },
		"one window":       func(_ *Settings, d *Data) { d.Train.Rows, d.Train.Y = d.Train.Rows[:1], d.Train.Y[:1] },
		"one for each":     func(_ *Settings, d *Data) { keepOne(&d.Train); keepOne(&d.Validation) },
		"batches of one":   func(s *Settings, _ *Data) { s.Batch = 1 },
		"a huge batch":     func(s *Settings, _ *Data) { s.Batch = 1 << 12 },
		"a class not seen": func(_ *Settings, d *Data) { d.Classes = 6 },
		"a class not in training": func(_ *Settings, d *Data) {
			for i := range d.Train.Y {
				d.Train.Y[i] %= 2
			}
		},
	} {
		for _, family := range allFamilies() {
			n, s, d := tiny(family, 24)
			s.Epochs = 2
			spoil(&s, &d)
			fit, _ := train(t, n, s, d, nil)
			for _, w := range fit.Net.saved() {
				for _, v := range w.data {
					if !kernel.Finite(v) {
						t.Fatalf("%s, %s: %s holds %v", name, family, w.name, v)
					}
				}
			}
		}
	}
}

func keepOne(s *model.Set) { s.Rows, s.Y = s.Rows[:1], s.Y[:1] }

func setColumn(s *model.Series, column int, x float32) {
	for i := column; i < len(s.Data); i += s.Columns {
		s.Data[i] = x
	}
}

// TestDiverged has a training end with an error that says what to do.
func TestDiverged(t *testing.T) {
	n, s, d := tiny(MLP, 60)
	s.Rate, s.Clip, s.Warmup, s.Decay = 10, 1e6, 0, 10
	s.Epochs = 1000
	s.Patience = 1000
	_, err := Train(t.Context(), n, s, d, nil, func(int, Epoch) {})
	if !errors.Is(err, errDiverged) || !strings.Contains(err.Error(), "epoch ") {
		t.Errorf("error %v", err)
	}
}

func TestTrainEndsWithItsContext(t *testing.T) {
	n, s, d := tiny(MLP, 60)
	ctx, cancel := context.WithCancel(t.Context())
	epochs := 0
	_, err := Train(ctx, n, s, d, nil, func(int, Epoch) {
		if epochs++; epochs == 2 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || epochs != 2 {
		t.Errorf("%v after %d epochs", err, epochs)
	}
}

func TestSettingsCheck(t *testing.T) {
	_, good, _ := tiny(MLP, 4)
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for want, spoil := range map[string]func(*Settings){
		"epochs is 0": func(s *Settings) { s.Epochs = 0 }, "batch is -1": func(s *Settings) { s.Batch = -1 },
		"rate is NaN": func(s *Settings) { s.Rate = math.NaN() }, "clip is 0": func(s *Settings) { s.Clip = 0 },
		"warmup is 2": func(s *Settings) { s.Warmup = 2 }, "smoothing is 1": func(s *Settings) { s.Smoothing = 1 },
	} {
		s := good
		spoil(&s)
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestSchedule holds the learning rate to its shape.
func TestSchedule(t *testing.T) {
	o := &optimiser{settings: Settings{Rate: 2, Warmup: 0.1}, steps: 100}
	for step, want := range map[int]float64{1: 0.2, 5: 1, 10: 2, 55: 1, 100: 0} {
		if got := o.rate(step); math.Abs(got-want) > 1e-12 {
			t.Errorf("step %d: rate %v, want %v", step, got, want)
		}
	}
	flat := &optimiser{settings: Settings{Rate: 2}, steps: 1}
	if got := flat.rate(1); got != 0 {
		t.Errorf("the only step without warm-up has the rate %v, want 0", got)
	}
}
