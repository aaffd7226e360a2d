package report

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"assay/steps/internal/results"
	"assay/steps/kit/compare"
	"assay/steps/kit/plain"
)

// verdict returns the sentences at the top of the page: what is best, by how much, whether
// that is real, and where it fails.
func (d *document) verdict() []template.HTML {
	var list []template.HTML
	say := func(format string, args ...any) {
		for i, a := range args {
			args[i] = template.HTMLEscapeString(fmt.Sprint(a))
		}
		list = append(list, template.HTML(fmt.Sprintf(format, args...)))
	}
	for _, v := range d.Views {
		if best := d.Best(v, d.Whole()); best != "" {
			d.sayBest(say, v, best)
		}
	}
	if len(d.Views) == 2 {
		d.sayViews(say)
	}
	d.sayWorst(say)
	return list
}

// A sayer adds a sentence. Its arguments are escaped.
type sayer func(format string, args ...any)

func (d *document) sayBest(say sayer, view, best string) {
	c := d.Cell(best, view, d.Whole())
	on := "on " + plain.Name(d.Whole())
	if len(d.Splits) > 1 {
		on = fmt.Sprintf("on average over %d splits", len(d.Splits))
	}
	ranged := ""
	if text := rangeText(c.Low, c.High); text != "" {
		ranged = " (" + text + ")"
	}
	next := d.Next(view, d.Whole(), best)
	if next == "" {
		say("<b>%s</b>, %s view: macro F1 <b>%s</b>%s %s.", plain.Name(best), plain.Name(view), plain.Three(c.Value), ranged, on)
		return
	}
	ahead := c.Value - d.Cell(next, view, d.Whole()).Value
	say("<b>%s</b> is best with the %s view: macro F1 <b>%s</b>%s %s, %s ahead of %s. %s", plain.Name(best), plain.Name(view), plain.Three(c.Value),
		ranged, on, plain.Three(ahead), plain.Name(next), d.real(view, best))
}

// real says how far a best model's lead is more than chance.
func (d *document) real(view, best string) string {
	if d.Comparison == nil {
		return "Whether that is more than chance is unknown: no comparison is connected."
	}
	var beaten, level []string
	for _, m := range d.Models {
		switch p := d.Pair(best, m, view, d.Whole()); {
		case p == nil:
		case p.Better == "a":
			beaten = append(beaten, plain.Name(m))
		case p.Better == "":
			level = append(level, plain.Name(m))
		}
	}
	switch {
	case len(level) == 0 && len(beaten) > 0:
		return "It is better than every other model by more than chance."
	case len(beaten) == 0:
		return "The data cannot tell it apart from any other model."
	}
	return fmt.Sprintf("It is better than %s by more than chance; the data cannot tell it apart from %s.", listed(beaten),
		listed(level))
}

// sayViews says what the channels are worth that only one view has, for the best model of
// the first.
func (d *document) sayViews(say sayer) {
	a, b := d.Views[0], d.Views[1]
	best := d.Best(a, d.Whole())
	other := d.Cell(best, b, d.Whole())
	if best == "" || other == nil || d.Cell(best, a, d.Whole()) == nil {
		return
	}
	difference := other.Value - d.Cell(best, a, d.Whole()).Value
	proof := ""
	if d.Comparison != nil {
		p := d.Comparison.Pair(compare.Model{Model: best, View: b}, compare.Model{Model: best, View: a}, d.Whole())
		switch {
		case p == nil:
		case p.Better == "":
			proof = ", which may be chance (" + plain.Signed(float64(p.Low)) + " to " + plain.Signed(float64(p.High)) + ")"
		default:
			proof = ", which is more than chance (" + plain.Signed(float64(p.Low)) + " to " + plain.Signed(float64(p.High)) + ")"
		}
	}
	say("With the %s view instead of the %s one, %s scores <b>%s</b>%s.", plain.Name(b), plain.Name(a), plain.Name(best), plain.Signed(difference), proof)
}

// sayWorst names the class, profile and host with the lowest score of the best model.
func (d *document) sayWorst(say sayer) {
	view := d.Views[0]
	best := d.Best(view, d.Whole())
	if best == "" {
		return
	}
	var list []string
	for _, k := range results.Groupings() {
		low, at := math.Inf(1), ""
		table := d.Gather(k)
		for _, g := range table.Names {
			if v := table.Of(best, view, g); v < low {
				low, at = v, g
			}
		}
		if at != "" && len(table.Names) > 1 {
			list = append(list, fmt.Sprintf("%s %s (%s)", k.By, k.Show(at), plain.Two(low)))
		}
	}
	if len(list) > 0 {
		say(`It fails most with %s: <a href="#failures">where the models fail</a>.`, strings.Join(list, ", "))
	}
}

// listed joins names, the last with "and".
func listed(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
