package diagram

import (
	"fmt"
	"io"
	"strings"
)

// Mermaid writes the graph as a Mermaid flowchart, which Markdown on GitHub and
// GitLab shows.
func (g *Graph) Mermaid(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %q\n---\nflowchart LR\n", g.Title)
	ids := g.short()
	for _, box := range g.Boxes {
		text := mermaidText(box.Title)
		if box.Sub != "" {
			text += "<br/><small>" + mermaidText(box.Sub) + "</small>"
		}
		open, end := `["`, `"]`
		if box.State == Source || box.State == Output {
			open, end = `(["`, `"])`
		}
		fmt.Fprintf(&b, "  %s%s%s%s", ids[box.ID], open, text, end)
		if box.State != Plain {
			fmt.Fprintf(&b, ":::%s", box.State)
		}
		b.WriteByte('\n')
	}
	for _, e := range g.Edges {
		if e.Label == "" {
			fmt.Fprintf(&b, "  %s --> %s\n", ids[e.From], ids[e.To])
		} else {
			fmt.Fprintf(&b, "  %s -- \"%s\" --> %s\n", ids[e.From], mermaidText(e.Label), ids[e.To])
		}
	}
	b.WriteString(`  classDef uptodate fill:#eef6ef,stroke:#6aa377,color:#1f2328
  classDef mayrun fill:#fff8e4,stroke:#c79a2c,color:#1f2328,stroke-dasharray:5 3
  classDef willrun fill:#fdebd9,stroke:#d0701f,color:#1f2328,stroke-width:2px
  classDef source fill:#eef2f7,stroke:#8ea3bd,color:#1f2328
  classDef output fill:#f2eefa,stroke:#9a86c4,color:#1f2328
`)
	_, err := io.WriteString(w, b.String())
	return err
}

// short gives every box a short name that needs no quoting.
func (g *Graph) short() map[string]string {
	ids := map[string]string{}
	for i, box := range g.Boxes {
		ids[box.ID] = fmt.Sprintf("n%d", i)
	}
	return ids
}

func mermaidText(s string) string {
	return strings.NewReplacer("&", "#amp;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "\n", " ").Replace(s)
}

// DOT writes the graph for Graphviz.
func (g *Graph) DOT(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph {\n  label=%s; labelloc=t; rankdir=LR;\n", dotText(g.Title))
	b.WriteString("  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"Helvetica\", " +
		"fontsize=11];\n")
	b.WriteString("  edge [fontname=\"Helvetica\", fontsize=9, color=\"#8c959f\"];\n")
	colours := map[State]string{
		UpToDate: `, fillcolor="#eef6ef", color="#6aa377"`,
		MayRun:   `, fillcolor="#fff8e4", color="#c79a2c", style="rounded,filled,dashed"`,
		WillRun:  `, fillcolor="#fdebd9", color="#d0701f", penwidth=2`,
		Source:   `, fillcolor="#eef2f7", color="#8ea3bd", shape=oval`,
		Output:   `, fillcolor="#f2eefa", color="#9a86c4", shape=oval`,
	}
	for _, box := range g.Boxes {
		text := box.Title
		if box.Sub != "" {
			text += "\n" + box.Sub
		}
		fmt.Fprintf(&b, "  %s [label=%s%s];\n", dotText(box.ID), dotText(text), colours[box.State])
	}
	for _, e := range g.Edges {
		fmt.Fprintf(&b, "  %s -> %s [label=%s];\n", dotText(e.From), dotText(e.To), dotText(e.Label))
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func dotText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
