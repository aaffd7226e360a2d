package profile

import (
	"errors"
	"math"
	"strings"
	"testing"

	"assay/steps/kit/episode"
)

// labelsOf makes labels of "phase@seconds" words; "@5" has no phase.
func labelsOf(t *testing.T, text string) []episode.Label {
	t.Helper()
	var rows []episode.Label
	for _, word := range strings.Fields(text) {
		phase, at, _ := strings.Cut(word, "@")
		rows = append(rows, episode.Label{Phase: phase, T: seconds(t, at)})
	}
	return rows
}

func seconds(t *testing.T, text string) float64 {
	t.Helper()
	v := 0.0
	for _, c := range strings.TrimPrefix(text, "-") {
		v = v*10 + float64(c-'0')
	}
	if strings.HasPrefix(text, "-") {
		return -v
	}
	return v
}

const canonical = "clean@0 armed@10 infecting@12 infected_running@15 clean@40"

// TestWalk: where the parts lie, by the original's rules and by the cures.
func TestWalk(t *testing.T) {
	plain, contiguous, honest := Cures{}, Cures{ContiguousSegments: true}, Cures{NoInventedSegments: true}
	for _, c := range []struct {
		name, labels string
		duration     float64
		cures        Cures
		want         walk
	}{
		{"canonical", canonical, 45, plain, walk{{0, 10}, {10, 12}, {12, 15}, {15, 40}, {40, 45}}},
		{"canonical", canonical, 45, contiguous, walk{{0, 10}, {10, 12}, {12, 15}, {15, 40}, {40, 45}}},
		{"canonical", canonical, 45, honest, walk{{0, 10}, {10, 12}, {12, 15}, {15, 40}, {40, 45}}},
		{"dormant is part of the run", "clean@0 armed@1 infecting@2 infected_running@3 dormant@9 clean@12", 14, plain,
			walk{{0, 1}, {1, 2}, {2, 3}, {3, 12}, {12, 14}}},
		{"dormant is part of the run", "clean@0 armed@1 infecting@2 infected_running@3 dormant@9 infected_running@10 clean@12", 14, contiguous,
			walk{{0, 1}, {1, 2}, {2, 3}, {3, 12}, {12, 14}}},
		{"a second infection is swallowed", "clean@0 armed@1 infecting@2 infected_running@3 clean@5 armed@6 infecting@7 infected_running@8 clean@9", 11, plain,
			walk{{0, 1}, {1, 2}, {2, 3}, {3, 9}, {9, 11}}},
		{"a second infection is not", "clean@0 armed@1 infecting@2 infected_running@3 clean@5 armed@6 infecting@7 infected_running@8 clean@9", 11, contiguous,
			walk{{0, 1}, {1, 2}, {2, 3}, {3, 5}, {5, 6}}},
		{"dormant before armed stretches", "dormant@0 armed@1 infecting@2 infected_running@3 clean@5 dormant@7", 9, plain,
			walk{{0, 1}, {1, 2}, {2, 3}, {3, 9}, {9, 9.1}}},
		{"armed twice, the first time in vain", "clean@0 armed@1 clean@4 armed@6 infected_running@8 clean@9", 11, contiguous,
			walk{{4, 6}, {6, 8}, {}, {8, 9}, {9, 11}}},
		{"no infecting", "clean@0 armed@10 infected_running@15 clean@40", 45, plain,
			walk{{0, 10}, {10, 10.1}, {10.1, 15}, {15, 40}, {40, 45}}},
		{"no infecting", "clean@0 armed@10 infected_running@15 clean@40", 45, honest,
			walk{{0, 10}, {10, 15}, {}, {15, 40}, {40, 45}}},
		{"no tail", "clean@0 armed@10 infecting@12 infected_running@15", 40, plain,
			walk{{0, 10}, {10, 12}, {12, 15}, {15, 40}, {40, 40.1}}},
		{"no tail", "clean@0 armed@10 infecting@12 infected_running@15", 40, honest,
			walk{{0, 10}, {10, 12}, {12, 15}, {15, 40}, {40, 40}}},
		{"no tail", "clean@0 armed@10 infecting@12 infected_running@15", 40, contiguous,
			walk{{0, 10}, {10, 12}, {12, 15}, {15, 40}, {}}},
		{"an end before the last label", "clean@0 armed@10 infecting@12 infected_running@15", 12, plain,
			walk{{0, 10}, {10, 12}, {12, 15}, {15, 16}, {16, 16.1}}},
		{"labels out of order: infecting has no length", "clean@0 armed@10 infecting@12 clean@8 infected_running@15 clean@20", 22, plain,
			walk{{0, 10}, {10, 10.1}, {10.1, 15}, {15, 20}, {20, 22}}},
		{"a label without a phase ends the one before", "clean@0 armed@10 infecting@12 infected_running@15 @18 clean@40", 45, plain,
			walk{{0, 10}, {10, 12}, {12, 15}, {15, 18}, {18, 45}}},
		{"a label without a phase is passed over", "clean@0 armed@10 infecting@12 infected_running@15 @18 odd@20 clean@40", 45, contiguous,
			walk{{0, 10}, {10, 12}, {12, 15}, {15, 40}, {40, 45}}},
		{"three phases are enough", "armed@0 infecting@2 infected_running@5", 9, contiguous,
			walk{{}, {0, 2}, {2, 5}, {5, 9}, {}}},
	} {
		got, err := walkOf(labelsOf(t, c.labels), c.duration, c.cures)
		if err != nil || got != c.want {
			t.Errorf("%s, %+v: %v, %v, want %v", c.name, c.cures, got, err, c.want)
		}
	}
}

// TestUnused: an episode without a walk says why.
func TestUnused(t *testing.T) {
	for _, c := range []struct {
		labels            string
		plain, contiguous Unused
	}{
		{"", NoLabels, NoLabels},
		{"clean@0", TooFew, NeverRunning},
		{"odd@0 @5", TooFew, NeverRunning},
		{"clean@0 infecting@1 infected_running@2 clean@3", NeverArmed, NotDirect},
		{"clean@0 armed@1 infecting@2 failed@3", NeverRunning, NeverRunning},
		{"armed@9 infecting@8 infected_running@7 clean@6", TooFew, NeverRunning}, // only the last one has a length
	} {
		for cures, want := range map[Cures]Unused{{}: c.plain, {ContiguousSegments: true}: c.contiguous} {
			w, err := walkOf(labelsOf(t, c.labels), 10, cures)
			var got Unused
			if !errors.As(err, &got) || got != want {
				t.Errorf("%q, %+v: %v, %v, want %q", c.labels, cures, w, err, want)
			}
		}
	}
}

// TestGrid: both ways of placing points, and parts that are not there.
func TestGrid(t *testing.T) {
	out := make([]float64, 16)
	l, err := NewLayout(16)
	if err != nil {
		t.Fatal(err)
	}
	l.grid(walk{{0, 10}, {10, 10}, {12, 15}, {15, 22}, {22, math.Inf(1)}}, false, out)
	if out[0] != 0 || out[1] != 10 || !math.IsNaN(out[2]) || out[3] != 12 || out[4] != 15 || out[5] != 15 || out[6] != 16 || out[12] != 22 {
		t.Errorf("the points are at %v", out)
	}
	l.grid(walk{{0, 10}, {10, 12}, {12, 15}, {15, 23}, {9, 3}}, true, out)
	if out[0] != 2.5 || out[1] != 7.5 || out[2] != 11 || out[5] != 15.5 || out[12] != 22.5 || !math.IsNaN(out[13]) {
		t.Errorf("the middles are at %v", out)
	}
}

// TestLayout: the original's layout, and others in its proportions.
func TestLayout(t *testing.T) {
	for points, want := range map[int]Layout{
		80: {10, 5, 10, 40, 15}, 160: {20, 10, 20, 80, 30}, 16: {2, 1, 2, 8, 3},
		81: {10, 5, 10, 41, 15}, 20: {3, 1, 2, 10, 4}, 79: {10, 5, 10, 39, 15},
	} {
		l, err := NewLayout(points)
		if err != nil || l != want || l.Len() != points {
			t.Errorf("%d points are %v, %v, want %v", points, l, err, want)
		}
		at := 0
		for _, p := range l.Parts() {
			if p.From != at || p.To <= p.From {
				t.Errorf("%d points: %+v begins at %d", points, p, at)
			}
			at = p.To
		}
	}
	for _, points := range []int{-1, 0, 15, 4001, math.MaxInt} {
		if l, err := NewLayout(points); err == nil {
			t.Errorf("%d points are %v", points, l)
		}
	}
}
