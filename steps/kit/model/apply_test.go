package model

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/table"
)

// reader is the schema of a model that reads some features of the windows of tables.
func reader(features ...string) Schema { return Schema{Features: features, Classes: channel.Phases()} }

// TestApply gives a model its features in its own order, and needs no training part.
func TestApply(t *testing.T) {
	w, a := tables()
	for i := range a.Rows[:2] {
		a.Rows[i].Part = table.Excluded
	}
	m := reader("netflow.pkts.std", "proc.rss.mean")
	d, err := apply(w, a, Oracle, m)
	if err != nil {
		t.Fatal(err)
	}
	if want := []float32{20.5, 20, 21.5, 21}; !slices.Equal(d.Test.X, want) || !slices.Equal(d.Test.Rows, []int{4, 5}) {
		t.Errorf("test rows %v of %v, want 4 and 5 of %v", d.Test.Rows, d.Test.X, want)
	}
	if len(d.Validation.Rows) != 0 || d.Train.X != nil || !slices.Equal(d.Features, m.Features) {
		t.Errorf("data %+v", d)
	}
	w.SchemaHash, m.Meaning = "one", "one"
	if _, err := apply(w, a, Oracle, m); err != nil {
		t.Error(err)
	}
	for _, says := range [][2]string{{"one", ""}, {"", "one"}} {
		w.SchemaHash, m.Meaning = says[0], says[1]
		if _, err := apply(w, a, Oracle, m); err != nil {
			t.Errorf("where only one says what its columns mean: %v", err)
		}
	}
	if _, err := apply(w, a, Realistic, reader("guest.load.mean")); err != nil {
		t.Error(err)
	}
	w.Features[0] = "guest.rss.mean" // nothing is hidden, so the view may be either
	if _, err := apply(w, a, Oracle, reader("guest.load.mean")); err != nil {
		t.Error(err)
	}
}

func TestApplyRefuses(t *testing.T) {
	for want, spoil := range map[string]func(w *table.Windows, a *table.Assignment, v *View, m *Schema){
		`its 3 features the windows table lacks 2: guest.x.mean, guest.y.std;`: func(_ *table.Windows, _ *table.Assignment, _ *View, m *Schema) {
			m.Features = []string{"guest.x.mean", "guest.load.mean", "guest.y.std"}
		},
		`lacks 4: a, b, c, …; build the features`: func(_ *table.Windows, _ *table.Assignment, _ *View, m *Schema) {
			m.Features = []string{"a", "b", "c", "d"}
		},
		`the classes of the model are ["x" "y"], want ["clean"`: func(_ *table.Windows, _ *table.Assignment, _ *View, m *Schema) {
			m.Classes = []string{"x", "y"}
		},
		`same names but another meaning ("one" there, "two" here)`: func(w *table.Windows, _ *table.Assignment, _ *View, m *Schema) {
			w.SchemaHash, m.Meaning = "two", "one"
		},
		`the model reads "proc.rss.mean", which the view realistic does not show; set view: oracle`: func(_ *table.Windows, _ *table.Assignment, v *View, _ *Schema) {
			*v = Realistic
		},
		"it reads causal context, such as guest.load.mean.change, which the windows table lacks; set context: true": func(_ *table.Windows, _ *table.Assignment, _ *View, m *Schema) {
			m.Features = []string{"guest.load.mean", "guest.load.mean.change"}
		},
		"causal context, which it does not read; leave context out": func(w *table.Windows, _ *table.Assignment, _ *View, m *Schema) {
			w.Features[1], w.SchemaHash, m.Meaning = "guest.load.mean.from_max", "two", "one"
			m.Features = []string{"proc.rss.mean"}
		},
		"no channel but those of the deployment; set view: realistic": func(_ *table.Windows, _ *table.Assignment, _ *View, m *Schema) {
			m.Features = []string{"guest.load.mean"}
		},
		`view is "both"`: func(_ *table.Windows, _ *table.Assignment, v *View, _ *Schema) { *v = "both" },
		"no window is in the part validation or test of the split": func(_ *table.Windows, a *table.Assignment, _ *View, _ *Schema) {
			a.Rows[1].Part, a.Rows[2].Part = table.Train, table.Excluded
		},
		"is not in the split": func(_ *table.Windows, a *table.Assignment, _ *View, _ *Schema) { a.Rows = a.Rows[:3] },
	} {
		w, a := tables()
		view, m := Oracle, reader("proc.rss.mean", "guest.load.mean")
		spoil(w, a, &view, &m)
		if _, err := apply(w, a, view, m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	w, a := tables()
	if _, err := apply(w, a, Oracle, reader("guest.x.mean")); !errors.Is(err, ErrSchema) {
		t.Errorf("error %v does not wrap ErrSchema", err)
	}
}

// apply loads windows for a model that was trained on data of this world.
func (w *world) apply(t *testing.T, view View, d *Data, g Grid) (*Data, error) {
	t.Helper()
	about := About{Family: "cnn", Form: Tensors, Points: d.Points, Hz: d.Hz, Schema: d.Schema()}
	return ApplyTensors(t.Context(), w.episodes, w.windows, w.split, view, about, g, 2)
}

// TestApplyTensors compares windows with those that the model was trained beside.
func TestApplyTensors(t *testing.T) {
	g := Grid{Window: 4, Stride: 2, Hz: 2}
	w := newWorld(t, g, 60)
	d, err := w.load(t, Realistic, 1)
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.apply(t, Realistic, d, g)
	if err != nil {
		t.Fatal(err)
	}
	rows := append(slices.Clone(d.Validation.Rows), d.Test.Rows...)
	if !slices.Equal(append(slices.Clone(got.Validation.Rows), got.Test.Rows...), rows) || len(got.Train.Rows) != 0 {
		t.Fatalf("other windows: %v and %v", got.Validation.Rows, got.Test.Rows)
	}
	for _, r := range rows {
		if !slices.EqualFunc(got.Series.Window(r), d.Series.Window(r), sameBits) {
			t.Fatalf("window %d has other values", r)
		}
	}
	if got.Series.Rows() >= d.Series.Rows() {
		t.Error("the episodes of the training part were read, too")
	}
	w.grid.Context = true // the model says so itself, whatever the grid of predict
	d, err = w.load(t, Realistic, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got, err = w.apply(t, Realistic, d, g); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if !sameValues(got.Series.Window(r), d.Series.Window(r)) {
			t.Fatalf("window %d has another context", r)
		}
	}
	d, g.Context = w.without(t), true
	if got, err = w.apply(t, Realistic, d, g); err != nil || len(got.Features) != len(d.Features) {
		t.Errorf("a model without context gets %d columns, %v", len(got.Features), err)
	}
	g.Context = false
	long, healed := g, g
	long.Window, healed.Cures.ExactConstants = 6, true
	for want, try := range map[string]func() (*Data, error){
		"the windows were made with another window than 6 s": func() (*Data, error) { return w.apply(t, Realistic, d, long) },
		"reads windows of 8 points, 2 a second, and a w":     func() (*Data, error) { return w.apply(t, Realistic, d, long) },
		"or with other cures":                                func() (*Data, error) { return w.apply(t, Realistic, d, healed) },
		"no channel but those of the deployment":             func() (*Data, error) { return w.apply(t, Oracle, d, g) },
		"the model was trained on another schema": func() (*Data, error) {
			other := *d
			other.meaning = "another"
			return w.apply(t, Realistic, &other, g)
		},
	} {
		if _, err := try(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// without loads windows without context.
func (w *world) without(t *testing.T) *Data {
	t.Helper()
	w.grid.Context = false
	d, err := w.load(t, Realistic, 1)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
