package timeline

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"assay/engine/event"
	"assay/engine/journal"
)

//go:embed page.html
var pageText string

//go:embed page.js
var pageJS string

//go:embed page.css
var pageCSS string

// drawn is what the page's script draws. To stay small, spans are lists of numbers, and texts
// are indexes into Texts.
type drawn struct {
	End   float64   `json:"end"`
	Jobs  int       `json:"jobs"`
	Steps []string  `json:"steps"`
	Nodes []row     `json:"nodes"`
	Rows  []row     `json:"rows"`  // by step
	Spans [][]int64 `json:"spans"` // node, lane, step, its lane, from and to in µs, shard, outcome, critical, why, more
	Texts []string  `json:"texts"`
}

// row is a row of the drawing, for a node or a step.
type row struct {
	Name  string `json:"n"`
	Step  int    `json:"s"`
	Lanes int    `json:"l"`
	Of    int    `json:"of"` // actions
}

// page is the data of the template.
type page struct {
	Run            *journal.Run
	What, When     string
	Took           string
	Facts          []fact
	Steps          []stepRow
	Longest        []spanRow
	CSS            template.CSS
	JS             template.JS
	Data           template.JS
	Idle           int // nodes that ran nothing
	Any            bool
	OutcomeIsClean bool
	Error          string
}

type fact struct{ Name, Value string }

type stepRow struct {
	Name            string
	Colour          int
	Nodes, Actions  int
	Total, Longest  string
	Share           float64 // of all time, in percent
	total, longest_ float64
}

type spanRow struct {
	Name, At, Took, Why string
	Colour              int
}

// colours is how many colours page.css has for steps.
const colours = 10

// longest is how many of the longest actions are listed.
const longest = 12

// Page writes the HTML page of a run.
func Page(w io.Writer, r *journal.Run, s *journal.Story) error {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	steps := stepsOf(s)
	data, err := json.Marshal(draw(r, s, steps)) // < and > come out escaped: safe in a script
	if err != nil {
		return err
	}
	p := &page{
		Run: r, What: strings.Join(append([]string{r.Verb, r.Recipe}, r.Args...), " "),
		When: r.Began.UTC().Format("2 January 2006, 15:04:05 UTC"),
		CSS:  template.CSS(pageCSS), JS: template.JS(pageJS), Data: template.JS(data), Any: len(s.Spans) > 0,
		OutcomeIsClean: r.Outcome == journal.OK, Error: r.Error,
	}
	p.count(r, s, steps)
	return t.Execute(w, p)
}

// stepsOf returns the steps that ran something, in the order they began.
func stepsOf(s *journal.Story) []string {
	var steps []string
	seen := map[string]bool{}
	for _, sp := range s.Spans {
		if !seen[sp.Step] {
			seen[sp.Step] = true
			steps = append(steps, sp.Step)
		}
	}
	return steps
}

// draw makes the data of the page's script.
func draw(r *journal.Run, s *journal.Story, steps []string) *drawn {
	d := &drawn{End: s.End, Jobs: r.Jobs, Steps: steps, Nodes: []row{}, Rows: []row{}, Spans: [][]int64{},
		Texts: []string{""}}
	nodeLane, nodeLanes := pack(s.Spans, byNode)
	stepLane, stepLanes := pack(s.Spans, byStep)
	stepAt, nodeAt, textAt := map[string]int{}, map[string]int{}, map[string]int{"": 0}
	for i, name := range steps {
		stepAt[name] = i
		d.Rows = append(d.Rows, row{name, i, stepLanes[name], 0})
	}
	text := func(t string) int64 {
		if _, ok := textAt[t]; !ok {
			textAt[t] = len(d.Texts)
			d.Texts = append(d.Texts, t)
		}
		return int64(textAt[t])
	}
	for i, sp := range s.Spans {
		n, ok := nodeAt[sp.Node]
		if !ok {
			n = len(d.Nodes)
			nodeAt[sp.Node] = n
			d.Nodes = append(d.Nodes, row{sp.Node, stepAt[sp.Step], nodeLanes[sp.Node], sp.Shards})
		}
		d.Rows[stepAt[sp.Step]].Of++
		var notes []string
		for _, note := range sp.Notes {
			notes = append(notes, note.String())
		}
		more := strings.Join(notes, "\n")
		if sp.Error != "" {
			more = "error: " + sp.Error
		}
		d.Spans = append(d.Spans, []int64{
			int64(n), int64(nodeLane[i]), int64(stepAt[sp.Step]), int64(stepLane[i]), micros(sp.From), micros(sp.To),
			int64(sp.Shard),
			outcomeNumber(sp.Outcome), number(sp.Critical), text(sp.Why), text(more),
		})
	}
	return d
}

func outcomeNumber(o event.What) int64 {
	switch o {
	case event.Ran:
		return 0
	case event.Failed:
		return 1
	}
	return 2
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// count fills in the page's facts and tables.
func (p *page) count(r *journal.Run, s *journal.Story, steps []string) {
	p.Took = human(s.End)
	if r.Took() > 0 {
		p.Took = human(r.Took().Seconds())
	}
	rows := map[string]*stepRow{}
	for i, name := range steps {
		rows[name] = &stepRow{Name: name, Colour: i % colours}
	}
	busy, held := 0.0, 0.0
	for _, sp := range s.Spans {
		row, took := rows[sp.Step], sp.To-sp.From
		row.Actions++
		row.total += took
		row.longest_ = max(row.longest_, took)
		busy += took
		held += sp.Held - sp.From
	}
	cached, failed := 0, 0
	for _, n := range s.Nodes {
		cached, failed = cached+n.Cached, failed+n.Failed
		if row := rows[n.Step]; row != nil && n.Ran+n.Failed+len(n.Why) > 0 {
			row.Nodes++
		}
		if n.State() == "up to date" {
			p.Idle++
		}
	}
	for _, name := range steps {
		row := rows[name]
		row.Total, row.Longest = human(row.total), human(row.longest_)
		if busy > 0 {
			row.Share = row.total / busy * 100
		}
		p.Steps = append(p.Steps, *row)
	}
	slices.SortStableFunc(p.Steps, func(a, b stepRow) int { return cmp.Compare(b.total, a.total) })
	p.facts(len(s.Spans), cached, failed, held, s)
	p.list(s, rows)
}

func (p *page) facts(ran, cached, failed int, held float64, s *journal.Story) {
	p.Facts = []fact{
		{"took", p.Took}, {"actions executed", fmt.Sprint(ran)}, {"found up to date", fmt.Sprint(cached)},
		{"failed", fmt.Sprint(failed)}, {"at once, at most", fmt.Sprintf("%d of -j %d", s.Peak, p.Run.Jobs)},
	}
	if s.End > 0 {
		p.Facts = append(p.Facts, fact{"at once, on average", fmt.Sprintf("%.1f", held/s.End)})
	}
}

// list fills in the table of the longest actions.
func (p *page) list(s *journal.Story, rows map[string]*stepRow) {
	spans := slices.Clone(s.Spans)
	slices.SortStableFunc(spans, func(a, b *journal.Span) int { return cmp.Compare(b.To-b.From, a.To-a.From) })
	for _, sp := range spans[:min(longest, len(spans))] {
		name := sp.Node
		if sp.Shards > 1 {
			name += fmt.Sprintf(" · shard %d", sp.Shard)
		}
		p.Longest = append(p.Longest, spanRow{name, "+" + human(sp.From), human(sp.To - sp.From), sp.Why,
			rows[sp.Step].Colour})
	}
}

// human returns a number of seconds with about three digits.
func human(s float64) string {
	d := time.Duration(s * float64(time.Second))
	switch {
	case d >= time.Hour:
		return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
	case d >= time.Minute:
		return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1f s", s)
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", s)
	case d >= 10*time.Millisecond:
		return fmt.Sprintf("%.0f ms", s*1e3)
	}
	return fmt.Sprintf("%.1f ms", s*1e3)
}
