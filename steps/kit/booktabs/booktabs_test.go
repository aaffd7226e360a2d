package booktabs

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	table := Table{
		About: "A table\nof two lines", Left: 1, Over: []Span{{"a_b", 2}, {"c", 1}}, Head: []string{"model", "x", "y", "z"},
		Blocks: []Block{{"first", [][]Cell{{{Text: "[m]"}, {Text: "0.5", Bold: true, Small: ".4–.6"}, {Text: "−1"}, {}}}}},
		Notes:  []string{"50% of all"},
	}
	want := `% A table of two lines
% Needs \usepackage{booktabs}.
\begin{tabular}{lrrr}
\toprule
& \multicolumn{2}{c}{a\_b} & \multicolumn{1}{c}{c} \\
\cmidrule(lr){2-3}\cmidrule(lr){4-4}
model & x & y & z \\
\midrule
\multicolumn{4}{l}{\emph{first}} \\
{[}m{]} & \textbf{0.5} {\scriptsize .4--.6} & $-$1 &  \\
\bottomrule
\multicolumn{4}{l}{\footnotesize 50\% of all} \\
\end{tabular}
`
	var b strings.Builder
	if _, err := table.WriteTo(&b); err != nil || b.String() != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, b.String(), want)
	}
}

func TestEscape(t *testing.T) {
	got, want := Escape("a_b%c\\{}$&#^~\n"), "a\\_b\\%c\\textbackslash{}\\{\\}\\$\\&\\#\\textasciicircum{}\\textasciitilde{}\n"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
