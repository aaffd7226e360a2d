package model

import (
	"math"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/table"
)

func tables() (*table.Windows, *table.Assignment) {
	w := &table.Windows{}
	w.Features = []string{"proc.rss.mean", "guest.load.mean", "netflow.pkts.std"}
	a := &table.Assignment{}
	for i, part := range []table.Part{table.Train, table.Validation, table.Test, table.Excluded} {
		k := table.Key{Host: "h", Episode: string(rune('a' + i))}
		w.Episodes = append(w.Episodes, table.EpisodeRef{Key: k})
		a.Rows = append(a.Rows, table.AssignmentRow{Key: k, Part: part})
		for n := range 2 {
			v := float32(10*i + n)
			w.Episode = append(w.Episode, int32(i))
			w.Center = append(w.Center, float64(5+5*n))
			w.Phase = append(w.Phase, int32(n*3))
			w.X = append(w.X, v, v+0.25, v+0.5)
		}
	}
	return w, a
}

func TestArrange(t *testing.T) {
	w, a := tables()
	d, err := Arrange(w, a, Realistic)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"guest.load.mean", "netflow.pkts.std"}; !slices.Equal(d.Features, want) {
		t.Errorf("realistic features %v, want %v", d.Features, want)
	}
	if want := []float32{20.25, 20.5, 21.25, 21.5}; !slices.Equal(d.Test.X, want) || !slices.Equal(d.Test.Rows, []int{4, 5}) {
		t.Errorf("test rows %v of %v, want 4 and 5 of %v", d.Test.Rows, d.Test.X, want)
	}
	if want := []int{1, 0, 0, 1, 0, 0}; !slices.Equal(d.Train.Counts(), want) {
		t.Errorf("classes %v, want %v", d.Train.Counts(), want)
	}
	if d, err = Arrange(w, a, Oracle); err != nil || len(d.Features) != 3 {
		t.Errorf("oracle sees %v (%v), want all three", d.Features, err)
	}
}

func TestArrangeRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*table.Windows, *table.Assignment){
		"no window is in the part validation": func(_ *table.Windows, a *table.Assignment) { a.Rows[1].Part = table.Train },
		"no window is in the part train":      func(_ *table.Windows, a *table.Assignment) { a.Rows[0].Part = table.Excluded },
		"is not in the split":                 func(_ *table.Windows, a *table.Assignment) { a.Rows = a.Rows[:3] },
		"has no feature;":                     func(w *table.Windows, _ *table.Assignment) { w.Features = nil },
		"has a value in any of the 2":         func(w *table.Windows, _ *table.Assignment) { clear32(w.X) },
		"shows none of the windows' 3":        func(w *table.Windows, _ *table.Assignment) { w.Features = []string{"a.b", "c.d", "guests.e"} },
	} {
		w, a := tables()
		spoil(w, a)
		if _, err := Arrange(w, a, Realistic); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	w, a := tables()
	if _, err := Arrange(w, a, "both"); err == nil || !strings.Contains(err.Error(), `view is "both"`) {
		t.Errorf("error %v", err)
	}
}

// clear32 makes all values missing ones.
func clear32(x []float32) {
	for i := range x {
		x[i] = float32(math.NaN())
	}
}
