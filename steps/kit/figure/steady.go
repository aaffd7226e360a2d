package figure

import (
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// steady rounds every coordinate to a hundredth of a point before it reaches a canvas.
// Some machines fuse a product and a sum, so the last bit of a coordinate differs between
// them; after rounding none is left that a file could show.
type steady struct {
	vg.Canvas
	widths []vg.Length // of the texts, as they come
}

// Stroke implements [vg.Canvas].
func (s *steady) Stroke(p vg.Path) { s.Canvas.Stroke(steadyPath(p)) }

// Fill implements [vg.Canvas].
func (s *steady) Fill(p vg.Path) { s.Canvas.Fill(steadyPath(p)) }

// FillString implements [vg.Canvas].
func (s *steady) FillString(f font.Face, at vg.Point, text string) {
	s.widths = append(s.widths, steadyLength(f.Width(text)))
	s.Canvas.FillString(f, steadyPoint(at), text)
}

// Translate implements [vg.Canvas].
func (s *steady) Translate(by vg.Point) { s.Canvas.Translate(steadyPoint(by)) }

func steadyPath(p vg.Path) vg.Path {
	out := make(vg.Path, len(p))
	for i, c := range p {
		c.Pos = steadyPoint(c.Pos)
		control := make([]vg.Point, len(c.Control))
		for j, at := range c.Control {
			control[j] = steadyPoint(at)
		}
		c.Control, c.Radius = control, steadyLength(c.Radius)
		out[i] = c
	}
	return out
}

func steadyPoint(p vg.Point) vg.Point { return vg.Point{X: steadyLength(p.X), Y: steadyLength(p.Y)} }

// off keeps what is a round number away from the places where rounding changes direction.
const off = 0.00123

func steadyLength(l vg.Length) vg.Length {
	// The sum, not a product and a sum, so that nothing can be fused. Adding 0 makes -0 to 0.
	return vg.Length(math.Floor(float64((float64(l)+off)*100)+0.5)/100) + 0
}
