package training

import (
	"math"
	"strings"
	"testing"
	"time"

	"assay/engine/step"
	"assay/steps/kit/channel"
	"assay/steps/kit/model"
)

func TestGrid(t *testing.T) {
	g := GridDefaults()
	if err := g.CheckGrid(); err != nil {
		t.Error(err)
	}
	g.Cures.ExactConstants = true
	want := model.Grid{Window: 10, Stride: 5, Hz: 10, Cures: channel.Cures{ExactConstants: true}}
	if got := g.InSeconds(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	for want, spoil := range map[string]func(*Grid){
		"window is 0s, want more than 0s":         func(g *Grid) { g.Window = 0 },
		"stride is -1s, want more than 0s":        func(g *Grid) { g.Stride = step.Duration(-time.Second) },
		"hz is 0, want more than 0":               func(g *Grid) { g.Hz = 0 },
		"hz is NaN, want more than 0":             func(g *Grid) { g.Hz = math.NaN() },
		"hz is 0.01, so a window of 10s has no p": func(g *Grid) { g.Hz = 0.01 },
		"hz is +Inf, so a window of 10s has no p": func(g *Grid) { g.Hz = math.Inf(1) },
		"max_gap": func(g *Grid) { g.Cures.MaxGap = -1 },
	} {
		g := GridDefaults()
		spoil(&g)
		if err := g.CheckGrid(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	g = Grid{}
	if err := g.CheckGrid(); err == nil || strings.Count(err.Error(), "want more than 0") != 3 {
		t.Errorf("of three mistakes: %v", err)
	}
}
