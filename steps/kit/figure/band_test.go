package figure

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// aBand lacks values, in each of its lists, and has a part without room for its name.
func aBand() Band {
	nan := math.NaN()
	return Band{
		Low: []float64{nan, 1, 1, 1, -5, 1, 1}, Value: []float64{2, 2, 2, nan, 2, 2, 2}, Top: []float64{3, 3, 3, 3, 3, 3, nan},
		Parts: []Part{{"wide enough", 0, 5}, {"much too wide for one point", 5, 6}, {"end", 6, 7}},
	}
}

// TestBand: where a value is missing the band has a hole; names stand where there is room.
func TestBand(t *testing.T) {
	if got, want := aBand().runs(), []Part{{From: 1, To: 3}, {From: 4, To: 6}}; !slices.Equal(got, want) {
		t.Errorf("the band goes over %v, want %v", got, want)
	}
	f := &Figure{Name: "x", Across: 1, Width: 300, Height: 120, Panels: []Panel{Bands("title", "alt", aBand())}}
	if s := f.Inline(0); !strings.Contains(s, "wide enough") || strings.Contains(s, "much too wide") {
		t.Errorf("the figure is %s", s)
	}
}
