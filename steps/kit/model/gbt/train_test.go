package gbt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/model"
)

// TestTreesAreTheReferences grows the same trees with and without histograms.
func TestTreesAreTheReferences(t *testing.T) {
	for i, change := range []func(*Params){
		func(*Params) {},
		func(p *Params) { p.MaxBin = 256; p.MaxDepth = 6 },
		func(p *Params) { p.MaxBin = 3; p.MinChildWeight = 0 },
		func(p *Params) { p.Lambda = 0; p.MinChildWeight = 0.05; p.MaxDepth = 8; p.LearningRate = 1 },
		func(p *Params) { p.Subsample = 0.5; p.ColsampleTree = 0.4; p.Seed = 99 },
		func(p *Params) { p.Gamma = 2; p.Lambda = 5 },
		func(p *Params) { p.MaxDepth = 1 },
		func(p *Params) { p.Gamma = 30; p.MaxDepth = 7; p.ClassWeight = Balanced; p.Workers = 3 },
		func(p *Params) { p.ColsampleTree = 0.7; p.ColsampleLevel = 0.3; p.Subsample = 0.8; p.Workers = 2 },
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			p := defaults()
			p.Rounds, p.Patience = 4, 4
			change(&p)
			s, set := problem(uint64(i)+10, 120, 19, 4)
			fit, err := fitOf(t.Context(), p, s, set, set, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := referenceTrain(p, s, set)[:len(fit.Model.Trees)]
			for n, tree := range fit.Model.Trees {
				for at := range min(len(tree), len(want[n])) {
					if tree[at] != want[n][at] {
						t.Fatalf("tree %d, node %d is\n%+v, the reference's\n%+v", n, at, tree[at], want[n][at])
					}
				}
				if len(tree) != len(want[n]) {
					t.Fatalf("tree %d has %d nodes, the reference's %d", n, len(tree), len(want[n]))
				}
			}
		})
	}
}

func TestTrainLearns(t *testing.T) {
	p := defaults()
	p.Rounds = 60
	fit, held := train(t, p, 600, 24, 4)
	right := 0
	pred := predict(fit.Model, held.X)
	for i, y := range held.Y {
		row := pred[i*4 : i*4+4]
		if slices.Index(row, slices.Max(row)) == int(y) {
			right++
		}
	}
	if share := float64(right) / float64(len(held.Y)); share < 0.75 {
		t.Errorf("%.2f of the held-out rows are right, want 0.75 at least (0.925 can be)", share)
	}
	if fit.Rounds[fit.Best].Validation > 0.8 {
		t.Errorf("validation loss %v", fit.Rounds[fit.Best].Validation)
	}
}

func TestEarlyStoppingKeepsTheBestRound(t *testing.T) {
	p := defaults()
	p.Rounds, p.Patience, p.LearningRate = 300, 7, 0.5
	fit, held := train(t, p, 200, 16, 3)
	if len(fit.Rounds) != fit.Best+1+p.Patience {
		t.Errorf("ran %d rounds with the best at %d and patience %d", len(fit.Rounds), fit.Best, p.Patience)
	}
	for i, r := range fit.Rounds {
		if r.Validation < fit.Rounds[fit.Best].Validation {
			t.Errorf("round %d is better than the best", i)
		}
	}
	if fit.Model.Rounds() != fit.Best+1 {
		t.Errorf("the model has %d rounds, want %d", fit.Model.Rounds(), fit.Best+1)
	}
	loss, pred := 0.0, predict(fit.Model, held.X)
	for i, y := range held.Y {
		loss -= math.Log(float64(pred[i*3+int(y)]))
	}
	loss /= float64(len(held.Y))
	if want := fit.Rounds[fit.Best].Validation; math.Abs(loss-want) > 1e-6 {
		t.Errorf("the model's loss on validation is %v, the best round's was %v", loss, want)
	}
}

func TestClassesNeverSeen(t *testing.T) {
	s, set := problem(1, 120, 9, 3)
	s.Classes = append(s.Classes, "never")
	fit, err := fitOf(t.Context(), defaults(), s, set, set, nil)
	if err != nil {
		t.Fatal(err)
	}
	pred := predict(fit.Model, set.X)
	for i := range set.Y {
		if p := pred[i*4+3]; !(p > 0 && p < 0.15) {
			t.Fatalf("row %d has probability %v for the class never seen", i, p)
		}
	}
}

func TestConstantFeatures(t *testing.T) {
	s := model.Schema{Features: []string{"a"}, Classes: []string{"x", "y"}}
	set := model.Set{X: []float32{1, 1, 1, 1}, Y: []int32{0, 0, 0, 1}}
	fit, err := fitOf(t.Context(), defaults(), s, set, set, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p := predict(fit.Model, []float32{1}); p[0] < 0.6 {
		t.Errorf("without a feature the prior is %v, want it near 3/4", p[0])
	}
}

func TestTrainRefuses(t *testing.T) {
	s, set := problem(1, 20, 4, 3)
	bad := slices.Clone(set.Y)
	bad[7] = 3
	for _, c := range []struct {
		want        string
		p           Params
		s           model.Schema
		train, held model.Set
	}{
		{"the training set is empty", defaults(), s, model.Set{}, set},
		{"the validation set is empty", defaults(), s, set, model.Set{}},
		{"row 7 of the training set is of class 3", defaults(), s, model.Set{X: set.X, Y: bad}, set},
		{"want 20 rows of 4", defaults(), s, model.Set{X: set.X[1:], Y: set.Y}, set},
		{"max_depth is 0", Params{}, s, set, set},
		{"at least two classes", defaults(), model.Schema{Features: s.Features, Classes: s.Classes[:1]}, set, set},
		{`"f0" names two`, defaults(), model.Schema{Features: []string{"f0", "f0", "f1", "f2"}, Classes: s.Classes}, set, set},
	} {
		_, err := fitOf(t.Context(), c.p, c.s, c.train, c.held, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got error %v, want one with %q", err, c.want)
		}
	}
}

func TestTrainStopsWithContext(t *testing.T) {
	s, set := problem(1, 50, 4, 3)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	rounds := 0
	_, err := fitOf(ctx, defaults(), s, set, set, func(model.Round) {
		if rounds++; rounds == 3 {
			cancel(why)
		}
	})
	if !errors.Is(err, why) || rounds != 3 {
		t.Errorf("after %d rounds: %v, want the context's cause after 3", rounds, err)
	}
}
