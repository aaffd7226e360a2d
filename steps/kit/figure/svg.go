package figure

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// svg returns a drawing as an SVG file. The library places a text by its width in one
// font, which the reader may not have, so each text says how wide it has to be.
func svg(width, height vg.Length, drawing func(draw.Canvas)) string {
	library := vgsvg.New(width, height)
	c := &steady{Canvas: library}
	drawing(draw.NewCanvas(c, width, height))
	var b bytes.Buffer
	library.WriteTo(&b) // a buffer takes everything
	parts := strings.Split(b.String(), "<text ")
	for i, w := range c.widths {
		if i+1 < len(parts) && w > 0 {
			parts[i+1] = fmt.Sprintf(`textLength="%.5g" lengthAdjust="spacingAndGlyphs" `, w) + parts[i+1]
		}
	}
	return strings.ReplaceAll(strings.Join(parts, "<text "), described, family)
}

// described is how the library names its font; family names others of the same widths, too.
const (
	described = "font-family:Liberation Sans;font-variant:normal;font-weight:normal;font-style:normal;"
	family    = "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;"
)

// inline makes the library's SVG an element of a page: no header, no names of fonts, the
// page's colours.
func inline(svg string, width, height int, alt string) string {
	_, body, _ := strings.Cut(svg, "<svg")
	_, body, _ = strings.Cut(body, ">")
	body = strings.NewReplacer(family, "", ";stroke-dashoffset:0", "", "\n\t", " ").Replace(body)
	for _, c := range Colours() {
		body = strings.ReplaceAll(body, strings.ToUpper(c.RGB), "var(--"+c.Name+")")
	}
	return fmt.Sprintf(`<svg class="drawn" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">%s`,
		width, height, width, height, html.EscapeString(alt), body)
}
