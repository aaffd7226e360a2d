package diff

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/scores"
	"assay/steps/kit/score"
)

// maxShown is how many characters of a value are shown to people.
const maxShown = 48

// shown returns a value for people, on one line.
func shown(text *string) string {
	if text == nil {
		return "(none)"
	}
	if n := strings.Count(strings.TrimSuffix(*text, "\n"), "\n"); n > 0 {
		return fmt.Sprintf("(%d lines)", n+1)
	}
	line := plain.Printable(*text)
	if r := []rune(line); len(r) > maxShown {
		return string(r[:maxShown]) + "…"
	}
	return cmp.Or(line, `""`)
}

// digest returns the beginning of a digest.
func digest(d string) string {
	if d == "" {
		return "(none)"
	}
	return d[:min(len(d), 12)]
}

// name names the nodes of a change by what they have in common: "gbt[view=oracle]".
func (c *StepChange) name() string {
	if len(c.Nodes) == 1 {
		return plain.Printable(c.Nodes[0])
	}
	_, common := scores.Node(c.Nodes[0])
	for _, n := range c.Nodes[1:] {
		_, labels := scores.Node(n)
		common = slices.DeleteFunc(common, func(l string) bool { return !slices.Contains(labels, l) })
	}
	if len(common) == 0 || len(c.Nodes) == c.Of {
		return plain.Printable(c.Step)
	}
	return plain.Printable(c.Step + "[" + strings.Join(common, ",") + "]")
}

// count says how many nodes of the step changed.
func (c *StepChange) count() string {
	switch {
	case c.Of == 1:
		return ""
	case len(c.Nodes) == c.Of:
		return fmt.Sprintf("all %d nodes", c.Of)
	}
	return fmt.Sprintf("%d of %d nodes", len(c.Nodes), c.Of)
}

// reason says why the nodes differ, and if they made the same bytes anyway.
func (c *StepChange) reason() string {
	text := plain.Printable(strings.Join(c.Why, "; "))
	if c.Bytes == SameBytes {
		text += "; same bytes"
	}
	return text
}

// interval returns "0.812 [0.771, 0.843]".
func (e *Estimate) interval() string {
	if e == nil || math.IsNaN(float64(e.Value)) {
		return "-"
	}
	if math.IsNaN(float64(e.Low)) {
		return number(e.Value)
	}
	return fmt.Sprintf("%s [%s, %s]", number(e.Value), number(e.Low), number(e.High))
}

// value returns "0.812".
func (e *Estimate) value() string {
	if e == nil {
		return "-"
	}
	return number(e.Value)
}

// signed returns "+0.012 [-0.003, +0.020]".
func (d *Difference) signed() string {
	if d == nil {
		return "-"
	}
	return fmt.Sprintf("%s [%s, %s]", sign(d.Value), sign(d.Low), sign(d.High))
}

// p returns the adjusted p value, with a mark if it is below what the level allows.
func (d *Difference) p(level float64) string {
	if d == nil {
		return ""
	}
	text := strconv.FormatFloat(float64(d.Adjusted), 'g', 2, 64)
	if float64(d.Adjusted) < 1-level {
		text += " *"
	}
	return text
}

func number(x score.Number) string { return fixed(x, "%.3f") }
func sign(x score.Number) string   { return fixed(x, "%+.3f") }

// fixed returns a number with three digits; one that is not defined is a dash, and a
// large one is short.
func fixed(x score.Number, format string) string {
	v := float64(x)
	if math.IsNaN(v) {
		return "-"
	}
	if math.Abs(v) >= 1000 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	if math.Abs(v) < 0.0005 {
		v = 0 // no sign of its own
	}
	return fmt.Sprintf(format, v)
}

// percent returns the level for people: "95 %".
func percent(level float64) string { return strconv.FormatFloat(100*level, 'g', 4, 64) + " %" }

// A lack is something that could not be compared, and how to mend that.
type lack struct{ what, first, remedy string }

// lacks lists what is not made and what cannot be read.
func (d *Diff) lacks() []lack {
	var list []lack
	for _, s := range []struct {
		name string
		*Side
	}{{"old", &d.Old}, {"new", &d.New}} {
		add := func(n int, word, is, first string) {
			if n > 0 {
				text := fmt.Sprintf("%s of the %s state %s", plain.Plural(n, word), s.name, is)
				list = append(list, lack{text, plain.Printable(first), plain.Printable(s.Remedy)})
			}
		}
		lost := slices.DeleteFunc(slices.Clone(d.Missing), func(m Missing) bool { return m.Side != s.name })
		if len(lost) > 0 {
			add(len(lost), "evaluation", "cannot be read", lost[0].Artifact+": "+lost[0].Why)
		}
		if len(s.Unmade) > 0 {
			add(len(s.Unmade), "node", "not made yet", s.Unmade[0])
		}
	}
	return list
}
