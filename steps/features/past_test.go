package features

import (
	"bytes"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/causal"
	"assay/steps/kit/channel"
	"assay/steps/kit/signal"
)

// sameRow reports whether two rows are the same, whatever the bits of what is missing.
func sameRow(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return x == y || x != x && y != y })
}

// TestContext: with context, a table has the columns that it has without, and behind them the
// context of each episode by itself. Off, it leaves no trace.
func TestContext(t *testing.T) {
	rows := some(t, 40)
	off, err := computeAll(t.Context(), t, Defaults(), os.DirFS(corpus), index(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	p := Defaults()
	p.Context = true
	on, err := computeAll(t.Context(), t, p, os.DirFS(corpus), index(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(off[1], on[1]) {
		t.Error("context changes the vectors of whole episodes")
	}
	a, b := windows(t, off[0]), windows(t, on[0])
	if want := channel.InContext(channel.FeatureNames(), "change", "from_mean", "from_max"); !slices.Equal(b.Features, want) {
		t.Fatalf("the columns are %q", b.Features)
	}
	if b.SchemaHash != (channel.Schema{Window: 10, Context: 5}).Hash() || len(b.Remarks) > 0 {
		t.Errorf("schema hash %s, remarks %q", b.SchemaHash, b.Remarks)
	}
	past, want := causal.New(channel.NumFeatures), make([]float32, 3*channel.NumFeatures)
	for i := range a.Len() {
		if i == 0 || a.Episode[i] != a.Episode[i-1] {
			past.Reset()
		}
		past.Next(want, a.Row(i))
		if got := b.Row(i); !sameRow(got[:channel.NumFeatures], a.Row(i)) || !sameRow(got[channel.NumFeatures:], want) {
			t.Fatalf("window %d has other features or another context", i)
		}
	}
}

// TestSchemaOfContext: the hash depends on context and, with it, on the stride.
func TestSchemaOfContext(t *testing.T) {
	seen := map[string]string{}
	for name, s := range map[string]channel.Schema{
		"none": {Window: 10}, "5 s": {Window: 10, Context: 5}, "2 s": {Window: 10, Context: 2}, "tensors": {Window: 10, Hz: 5, Context: 5},
	} {
		if other, twice := seen[s.Hash()]; twice {
			t.Errorf("%s and %s have the same hash", name, other)
		}
		seen[s.Hash()] = name
	}
}

// TestUnknownPhaseIsPast: a window that is left out, since nobody knows its phase, counts for those
// after it. A detector would see it too.
func TestUnknownPhaseIsPast(t *testing.T) {
	w := signal.Windows{Center: []float64{5, 10, 15}, Class: []int32{0, -1, 2}, X: make([]float32, 3*channel.NumFeatures)}
	w.X[channel.NumFeatures], w.X[2*channel.NumFeatures] = 8, 4
	p := newPast(true)
	for range 2 { // the second episode starts again
		got := p.add(w)
		if !slices.Equal(got.Center, []float64{5, 15}) || !slices.Equal(got.Class, []int32{0, 2}) {
			t.Fatalf("the windows are %+v", got)
		}
		row := got.X[4*channel.NumFeatures:]
		change, mean, most, want := row[channel.NumFeatures], row[2*channel.NumFeatures], row[3*channel.NumFeatures], float32(-math.Log(5))
		if change != want || mean != 0 || most != want {
			t.Errorf("change %v, from the mean %v, from the maximum %v, want %v, 0, %v", change, mean, most, want, want)
		}
	}
}

// TestContextIsNamed: the view, and whoever else goes by names, knows context by its name.
func TestContextIsNamed(t *testing.T) {
	for _, name := range channel.InContext(channel.FeatureNames(), channel.Contexts()...) {
		base, kind := name[:strings.LastIndexByte(name, '.')], name[strings.LastIndexByte(name, '.')+1:]
		if is := slices.Contains(channel.Contexts(), kind); channel.IsContext(name) != is {
			t.Errorf("%s: context is %v", name, !is)
		}
		if channel.Deployed(name) != channel.Deployed(base) {
			t.Errorf("%s is deployed and %s is not, or the other way round", name, base)
		}
	}
	if channel.IsContext("change") || channel.IsContext("") {
		t.Error("a name without a channel is context")
	}
}
