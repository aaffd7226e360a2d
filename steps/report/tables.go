package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"assay/steps/kit/channel"
	"assay/steps/kit/score"
)

// csvRows returns one row per evaluation, numbers with all their digits. The F1 of a
// class that does not occur is empty.
func (r *results) csvRows() [][]string {
	head := []string{"split", "by", "model", "view", "macro_f1", "accuracy", "log_loss", "windows", "episodes",
		"rounds", "features"}
	for k := range channel.NumPhases {
		head = append(head, "f1_"+channel.PhaseName(k))
	}
	rows := [][]string{append(head, "untested_profiles")}
	for _, s := range r.Splits {
		for _, c := range s.cells() {
			rows = append(rows, csvRow(s, c))
		}
	}
	return rows
}

func csvRow(s *splitResult, c *cell) []string {
	num := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	row := []string{plain(s.Name, maxName), c.Split.By, plain(c.Model, maxName), plain(c.View, maxName),
		num(c.f1()), num(c.Value("accuracy")), num(c.Value("log_loss")),
		strconv.Itoa(c.Windows), strconv.Itoa(c.Episodes), strconv.Itoa(c.Rounds), strconv.Itoa(c.Features)}
	f1 := map[string]string{}
	for _, k := range c.Classes {
		f1[k.Class] = num(value(k.Measures, "f1"))
	}
	for k := range channel.NumPhases {
		row = append(row, f1[channel.PhaseName(k)])
	}
	return append(row, strings.Join(names(s.Untested), "; "))
}

func value(list []score.Estimate, name string) float64 {
	e, _ := score.Find(list, name)
	return float64(e.Value)
}

// writeTeX writes the summary as a LaTeX table in the manner of booktabs.
func (r *results) writeTeX(w io.Writer) error {
	b := bufio.NewWriter(w)
	rows := r.summary()
	left := len(r.lead())
	fmt.Fprintf(b, "%% Macro F1 on the test part. Needs \\usepackage{booktabs}.\n")
	fmt.Fprintf(b, "\\begin{tabular}{%s%s}\n\\toprule\n", strings.Repeat("l", left), strings.Repeat("r",
		len(rows[0])-left))
	for i, row := range rows {
		for j, text := range row {
			if j > 0 {
				b.WriteString(" & ")
			}
			b.WriteString(tex(text))
		}
		b.WriteString(" \\\\\n")
		if i == 0 {
			b.WriteString("\\midrule\n")
		}
	}
	b.WriteString("\\bottomrule\n")
	for _, s := range r.Splits {
		if len(s.Untested) > 0 {
			fmt.Fprintf(b, "\\multicolumn{%d}{l}{\\footnotesize Untested in %s: %s} \\\\\n",
				len(rows[0]), tex(name(s.Name)), tex(strings.Join(names(s.Untested), ", ")))
		}
	}
	b.WriteString("\\end{tabular}\n")
	return b.Flush()
}

// tex escapes the special characters of LaTeX.
func tex(s string) string {
	return strings.NewReplacer(
		`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `$`, `\$`, `&`, `\&`, `#`, `\#`, `%`, `\%`,
		`_`, `\_`, `^`, `\textasciicircum{}`, `~`, `\textasciitilde{}`, `–`, `--`, `—`, `---`, `…`, `\ldots{}`,
		"\uFFFD", "?", "<", `\textless{}`, ">", `\textgreater{}`, "|", `\textbar{}`,
	).Replace(s)
}
