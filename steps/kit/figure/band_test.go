package figure

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
)

// TestBand: where a value is missing the band has a hole; names stand where there is room.
func TestBand(t *testing.T) {
	nan := math.NaN()
	b := Band{
		Low: []float64{nan, 1, 1, 1, -5, 1, 1}, Value: []float64{2, 2, 2, nan, 2, 2, 2}, Top: []float64{3, 3, 3, 3, 3, 3, nan},
		Parts: []Part{{"wide enough", 0, 5}, {"much too wide for one point", 5, 6}, {"end", 6, 7}},
	}
	if got, want := b.runs(), []Part{{From: 1, To: 3}, {From: 4, To: 6}}; !slices.Equal(got, want) {
		t.Errorf("the band goes over %v, want %v", got, want)
	}
	f := &Figure{Name: "x", Across: 1, Width: 300, Height: 120, Panels: []Panel{Bands("title", "alt", b)}}
	var first, second bytes.Buffer
	if err := f.WriteSVG(&first); err != nil {
		t.Fatal(err)
	}
	if err := f.WriteSVG(&second); err != nil || first.String() != second.String() {
		t.Errorf("a second figure has other bytes, %v", err)
	}
	if s := first.String(); !strings.Contains(s, "wide enough") || strings.Contains(s, "much too wide") || strings.Contains(s, "NaN") {
		t.Errorf("the figure is %s", s)
	}
	for _, empty := range []Band{
		{Low: []float64{nan}, Value: []float64{nan}, Top: []float64{nan}, Parts: []Part{{"a", 0, 1}}},
		{Low: []float64{0, 0}, Value: []float64{0, 0}, Top: []float64{0, 0}, Parts: []Part{{"a", 0, 2}}},
	} {
		f.Panels = []Panel{Bands("title", "alt", empty)}
		if s := f.Inline(0); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Errorf("%+v is drawn as %s", empty, s)
		}
	}
}
