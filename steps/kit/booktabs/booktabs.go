// Package booktabs writes tables for LaTeX in the manner of the package booktabs: rules
// above, below and under the heading, none between columns. Call [Table.WriteTo], and
// [Escape] for texts that go into LaTeX in other ways.
package booktabs

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// A Table is a heading and blocks of rows. Texts are plain; WriteTo escapes them.
type Table struct {
	About  string   // a comment above the table
	Left   int      // columns at the left that hold texts; the others hold numbers
	Over   []Span   // headings over several columns; may be empty
	Head   []string // a heading for each column
	Blocks []Block
	Notes  []string // below the table
}

// A Span is a heading over some columns.
type Span struct {
	Text    string
	Columns int
}

// A Block is rows that belong together, under a title unless it is "".
type Block struct {
	Title string
	Rows  [][]Cell
}

// A Cell is a text, which may be set bold, and a smaller one after it.
type Cell struct {
	Text  string
	Bold  bool
	Small string
}

// WriteTo implements [io.WriterTo].
func (t *Table) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%% %s\n%% Needs \\usepackage{booktabs}.\n", strings.Join(strings.Fields(t.About), " "))
	fmt.Fprintf(&b, "\\begin{tabular}{%s%s}\n\\toprule\n", strings.Repeat("l", t.Left), strings.Repeat("r", len(t.Head)-t.Left))
	t.writeOver(&b)
	for i, h := range t.Head {
		if i > 0 {
			b.WriteString(" & ")
		}
		b.WriteString(Escape(h))
	}
	b.WriteString(" \\\\\n")
	for _, block := range t.Blocks {
		b.WriteString("\\midrule\n")
		if block.Title != "" {
			fmt.Fprintf(&b, "\\multicolumn{%d}{l}{\\emph{%s}} \\\\\n", len(t.Head), Escape(block.Title))
		}
		for _, row := range block.Rows {
			writeRow(&b, row)
		}
	}
	b.WriteString("\\bottomrule\n")
	for _, n := range t.Notes {
		fmt.Fprintf(&b, "\\multicolumn{%d}{l}{\\footnotesize %s} \\\\\n", len(t.Head), Escape(n))
	}
	b.WriteString("\\end{tabular}\n")
	return b.WriteTo(w)
}

// writeOver writes the headings over several columns, each with a rule below.
func (t *Table) writeOver(b *bytes.Buffer) {
	if len(t.Over) == 0 {
		return
	}
	b.WriteString(strings.Repeat("& ", t.Left))
	rules, at := "", t.Left+1
	for i, s := range t.Over {
		if i > 0 {
			b.WriteString(" & ")
		}
		fmt.Fprintf(b, "\\multicolumn{%d}{c}{%s}", s.Columns, Escape(s.Text))
		rules += fmt.Sprintf("\\cmidrule(lr){%d-%d}", at, at+s.Columns-1)
		at += s.Columns
	}
	fmt.Fprintf(b, " \\\\\n%s\n", rules)
}

func writeRow(b *bytes.Buffer, row []Cell) {
	for i, c := range row {
		if i > 0 {
			b.WriteString(" & ")
		}
		text := Escape(c.Text)
		if c.Bold {
			text = "\\textbf{" + text + "}"
		}
		if c.Small != "" {
			text += " {\\scriptsize " + Escape(c.Small) + "}"
		}
		b.WriteString(text)
	}
	b.WriteString(" \\\\\n")
}

// Escape escapes the special characters of LaTeX. A row that begins with a bracket would
// be taken for an option of the line above, so brackets are in braces.
func Escape(s string) string {
	return strings.NewReplacer(
		`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `$`, `\$`, `&`, `\&`, `#`, `\#`, `%`, `\%`,
		`_`, `\_`, `^`, `\textasciicircum{}`, `~`, `\textasciitilde{}`, `–`, `--`, `—`, `---`, `…`, `\ldots{}`,
		"\uFFFD", "?", "<", `\textless{}`, ">", `\textgreater{}`, "|", `\textbar{}`, "−", "$-$", "±", `$\pm$`, "’", "'",
		"[", "{[}", "]", "{]}", "*", "{*}", "`", "\\textasciigrave{}",
	).Replace(s)
}
