package figure

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

var update = flag.Bool("update", false, "write the golden files")

const hostile = `<script>"&'`

// figures are one of each, with values that are missing or odd.
func figures() []*Figure {
	nan := math.NaN()
	rows := []Row{{"gbt", []Mark{{0, 0.7, 0.6, 0.8}, {1, 0.75, nan, nan}}}, {hostile, []Mark{{0, nan, nan, nan}, {1, 1. / 3, 0.1, 0.9}}}}
	lines := []Line{{Series: Background, X: []float64{0, 1}, Y: []float64{0, 1}, Marked: NoMark, Dashed: true},
		{Series: 0, X: []float64{1, 2, 3}, Y: []float64{0.9, nan, 0.3}, Marked: 1}, {Series: 1, X: []float64{1, 2}, Y: []float64{0.2, 5}, Marked: AllMark}}
	width, height := HeatSize(2, 2)
	return []*Figure{
		{Name: "forest", Legend: []string{"realistic", hostile}, Across: 2, Width: 254, Height: ForestHeight(2), Panels: []Panel{Forest("a", "A", rows, 0, 1), Forest("b", "B", rows, 0.3, 0.9), Forest("c", "C", nil, 0, 1)}},
		{Name: "lines", Across: 2, Width: 208, Height: 180, Panels: []Panel{Lines("a", "A", Axes{XLabel: "x"}, lines), Lines("b", "B", Axes{XMax: 1, YMax: 1}, nil)}},
		{Name: "bars", Across: 1, Width: 440, Height: BarsHeight(2), Panels: []Panel{Bars("a", "A", 0, []Bar{{"x", 0.25}, {hostile, 0.125}}), Bars("b", "B", 1, []Bar{{"none", 0}})}},
		{Name: "bands", Across: 2, Width: 300, Height: 120, Panels: []Panel{Bands("a", "A", aBand()), Bands("b", "B", Band{Low: []float64{nan}, Value: []float64{nan}, Top: []float64{nan}}),
			Bands("c", "C", Band{Low: []float64{0, 0}, Value: []float64{0, 0}, Top: []float64{0, 0}, Parts: []Part{{hostile, 0, 2}}})}},
		{Name: "heat", Across: 1, Width: width, Height: height, Panels: []Panel{Heat("a", "A", []string{"r", "s"}, []string{"x", hostile}, [][]float64{{0, 1}, {nan, 0.5}})}},
	}
}

// TestFiles: each SVG is the golden file's, to the byte, on every machine; so is the
// digest of the PNG's pixels.
func TestFiles(t *testing.T) {
	for _, f := range figures() {
		var svg, picture bytes.Buffer
		if err := errors.Join(f.WriteSVG(&svg), f.WritePNG(&picture)); err != nil {
			t.Fatal(err)
		}
		wellFormed(t, f.Name, svg.String())
		image, err := png.Decode(&picture)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.New()
		for y := range image.Bounds().Dy() {
			for x := range image.Bounds().Dx() {
				r, g, b, a := image.At(x, y).RGBA()
				sum.Write([]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8), byte(a >> 8)})
			}
		}
		golden(t, f.Name+".svg", svg.String())
		golden(t, f.Name+".sha256", hex.EncodeToString(sum.Sum(nil))+"\n")
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not the golden file; if that is right: go test ./steps/kit/figure -update", name)
	}
}

func wellFormed(t *testing.T, name, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// TestInline: a drawing of a page is one element with the page's colours, and loads nothing.
func TestInline(t *testing.T) {
	for _, f := range figures() {
		for i := range f.Panels {
			got := f.Inline(i)
			wellFormed(t, f.Name, got)
			for _, never := range []string{"http", "<?xml", "<script", "font-family", "NaN", "#0072B2"} {
				if strings.Contains(got, never) {
					t.Errorf("%s %d contains %q", f.Name, i, never)
				}
			}
			if !strings.HasPrefix(got, `<svg class="drawn" viewBox="0 0 `) || !strings.Contains(got, `role="img" aria-label="`) {
				t.Errorf("%s %d begins %.80s", f.Name, i, got)
			}
		}
	}
	if got := figures()[0].Inline(0); !strings.Contains(got, "var(--s0)") || !strings.Contains(got, "textLength=") {
		t.Errorf("a forest plot is %s", got)
	}
}

func TestShade(t *testing.T) {
	for v, want := range map[float64]int{-1: 0, 0: 0, 0.05: 0, 0.55: 5, 1: 9, 2: 9} {
		if got := Shade(v); got != want {
			t.Errorf("shade of %v is %d, want %d", v, got, want)
		}
	}
}

// TestSteady: what differs in the last bits becomes the same, also at round numbers.
func TestSteady(t *testing.T) {
	for _, v := range []float64{0, 1, 12.345, 12.35, -3.005, 1e-17, 100.125} {
		below, above := math.Nextafter(v, -1e9), math.Nextafter(v, 1e9)
		if a, b := steadyLength(vg.Length(below)), steadyLength(vg.Length(above)); a != b || math.Abs(float64(a)-v) > 0.01 {
			t.Errorf("%v becomes %v and %v", v, a, b)
		}
	}
	if v := steadyLength(vg.Length(math.Copysign(0, -1))); math.Signbit(float64(v)) {
		t.Error("0 has a sign")
	}
}
