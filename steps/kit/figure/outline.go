package figure

import (
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// outlined draws texts as the outlines of their letters. The library's way to draw letters
// on pixels blends them in floating point, which is not the same on every machine; shapes
// are filled with integers.
type outlined struct{ vg.Canvas }

// FillString implements [vg.Canvas].
func (o outlined) FillString(f font.Face, at vg.Point, text string) {
	o.Canvas.Fill(steadyPath(outline(f, at, text)))
}

// fine is by how much outlines are larger than drawn while they are whole numbers.
const fine = 16

// outline returns the shapes of a text that begins at a point. Letters that the font does
// not have are the font's own sign for that.
func outline(f font.Face, at vg.Point, text string) vg.Path {
	var b sfnt.Buffer
	var path vg.Path
	size := fixed.Int26_6(float64(f.Font.Size) * 64 * fine)
	before, x := sfnt.GlyphIndex(0), fixed.Int26_6(0)
	for i, r := range text {
		glyph, err := f.Face.GlyphIndex(&b, r)
		if err != nil {
			continue
		}
		if kern, err := f.Face.Kern(&b, before, glyph, size, 0); err == nil && i > 0 {
			x += kern
		}
		if segments, err := f.Face.LoadGlyph(&b, glyph, size, nil); err == nil {
			path = appendGlyph(path, segments, func(p fixed.Point26_6) vg.Point {
				return vg.Point{X: at.X + vg.Length(length(x+p.X)), Y: at.Y - vg.Length(length(p.Y))}
			})
		}
		if advance, err := f.Face.GlyphAdvance(&b, glyph, size, 0); err == nil {
			x += advance
		}
		before = glyph
	}
	return path
}

func length(v fixed.Int26_6) vg.Length { return vg.Length(v) / (64 * fine) }

func appendGlyph(path vg.Path, segments sfnt.Segments, at func(fixed.Point26_6) vg.Point) vg.Path {
	open := false
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if open {
				path.Close()
			}
			open = true
			path.Move(at(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(at(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(at(s.Args[0]), at(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
		}
	}
	if open {
		path.Close()
	}
	return path
}
