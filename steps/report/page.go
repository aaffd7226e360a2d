package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

// A page is the data of the template page.html.
type page struct {
	Title      string
	Style      template.CSS
	Splits     []pageSplit
	Views      []string
	Models     []string // more than one, or none
	Untested   int      // splits with untested profiles
	Lead       string
	Validation *validation
	template   *template.Template
}

// A pageSplit is a split with its rows of the matrix and its panels.
type pageSplit struct {
	ID       string
	Number   int
	Name     string
	Held     string
	Untested []string
	Episodes string // in each part
	Windows  int
	Tested   int // episodes
	Rows     []pageRow
	Panels   []panel
}

type pageRow struct {
	Model string
	Cells []pageCell
}

type pageCell struct {
	Known bool
	F1    string
	Width int  // of the bar, per cent
	Best  bool // see leads
	Panel string
}

// newPage turns the results into what the template prints, every name made safe to
// print.
func newPage(p Params, r *results, v *validation) (*page, error) {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	pg := &page{
		Title: plain(p.Title, 200), Style: template.CSS(pageStyle),
		Views: names(r.Views), Validation: v, template: t,
	}
	if len(r.Models) > 1 {
		pg.Models = names(r.Models)
	}
	for i, s := range r.Splits {
		pg.Splits = append(pg.Splits, newPageSplit(i+1, s, r.Views))
		if len(s.Untested) > 0 {
			pg.Untested++
		}
	}
	pg.Lead = lead(r, v)
	return pg, nil
}

// lead returns the first sentence of the page.
func lead(r *results, v *validation) string {
	n := 0
	for _, s := range r.Splits {
		n += len(s.cells())
	}
	usable := v.Statuses[0].N + v.Statuses[1].N
	return fmt.Sprintf("%s of %s on %s, from %s of %s usable after validation.",
		count(n, "evaluation"), strings.Join(names(r.Models), ", "), count(len(r.Splits), "held-out split"),
		strconv.Itoa(usable), count(v.Episodes, "recorded episode"))
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}

// newPageSplit makes the table of one split, with a panel for each model and view
// that was evaluated.
func newPageSplit(n int, s *splitResult, views []string) pageSplit {
	out := pageSplit{
		ID: fmt.Sprintf("split-%d", n), Number: n,
		Name: name(s.Name), Held: plain(s.Held, 300), Untested: names(s.Untested),
		Episodes: partCounts(s.first.ByEpisodes),
		Windows:  s.first.Windows, Tested: s.first.Episodes,
	}
	for _, m := range s.Rows {
		row := pageRow{Model: name(m.Model), Cells: make([]pageCell, len(views))}
		for i, c := range m.Cells {
			if c == nil {
				continue
			}
			p := newPanel(fmt.Sprintf("%s-%d", out.ID, len(out.Panels)+1), c.Metrics)
			out.Panels = append(out.Panels, p)
			row.Cells[i] = pageCell{Known: true, F1: p.F1, Width: percent(c.f1()), Best: s.leads(c), Panel: p.ID}
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// leads reports whether a model has the highest macro F1 of several models on
// a split and view.
func (s *splitResult) leads(c *cell) bool {
	others := 0
	for _, o := range s.cells() {
		if o == c || o.View != c.View {
			continue
		}
		if others++; o.f1() > c.f1() {
			return false
		}
	}
	return others > 0
}

// partCounts lists how many episodes each part has.
func partCounts(episodes map[string]int) string {
	var parts []string
	for _, part := range []string{"train", "validation", "test", "excluded"} {
		if k := episodes[part]; k > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", part, k))
		}
	}
	return strings.Join(parts, " · ")
}

func (p *page) write(w io.Writer) error { return p.template.Execute(w, p) }
