package compare

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"assay/steps/kit/aligned"
	"assay/steps/kit/compare"
	"assay/steps/kit/score"
)

// scores returns one row per model and split.
func scores(c *compare.Comparison) [][]string {
	rows := [][]string{{"model", "view", "split", "seeds", c.Measure, "sd", "low", "high"}}
	for _, s := range c.Scores {
		rows = append(rows, []string{s.Model.Model, s.View, s.Split, strconv.Itoa(s.Seeds), number(s.Mean),
			number(s.SD), number(s.Low), number(s.High)})
	}
	return rows
}

// pairs returns one row per pair.
func pairs(c *compare.Comparison) [][]string {
	rows := [][]string{{"family", "split", "model_a", "view_a", "model_b", "view_b", "difference", "low", "high", "p",
		"p_holm", "cohens_d", "episodes", "better"}}
	for _, p := range c.Pairs {
		rows = append(rows, []string{p.Family, p.Split, p.A.Model, p.A.View, p.B.Model, p.B.View, number(p.Difference),
			number(p.Low), number(p.High), number(p.P), number(p.Adjusted), number(p.Effect), strconv.Itoa(p.Episodes),
			p.Better})
	}
	return rows
}

// number writes the shortest digits that read back as x; nothing for NaN.
func number(x score.Number) string {
	if math.IsNaN(float64(x)) {
		return ""
	}
	return strconv.FormatFloat(float64(x), 'g', -1, 64)
}

// writeText writes who is better than whom, the best first, for a terminal.
func writeText(w io.Writer, c *compare.Comparison) error {
	b := bufio.NewWriter(w)
	split := c.Splits[0]
	if len(c.Splits) > 1 {
		split = compare.AllSplits
	}
	fmt.Fprintf(b, "%s, %s, with %v %% intervals over episodes\n\n", c.Measure, split, 100*c.Bootstrap.Level)
	rows := [][]string{{"model", "view", c.Measure, "interval", "better than", "not told apart from"}}
	for _, s := range ranked(c, split) {
		beaten, level := c.Rivals(s)
		rows = append(rows, []string{s.Model.Model, s.View, three(s.Mean), three(s.Low) + " to " + three(s.High),
			strings.Join(beaten, " "), strings.Join(level, " ")})
	}
	fmt.Fprint(b, aligned.Text(rows, "  ", func(column int) bool { return column != 2 }))
	writeViews(b, c, split)
	return b.Flush()
}

// writeViews writes what the views of a model differ by.
func writeViews(w io.Writer, c *compare.Comparison, split string) {
	rows := [][]string{{"model", "views", "difference", "interval", "p (Holm)"}}
	for _, p := range c.Pairs {
		if p.Family == compare.Views && p.Split == split {
			p = *c.Pair(p.B, p.A, split)
			rows = append(rows, []string{p.A.Model, p.A.View + " less " + p.B.View, signed(p.Difference),
				signed(p.Low) + " to " + signed(p.High), strconv.FormatFloat(float64(p.Adjusted), 'g', 2, 64)})
		}
	}
	if len(rows) > 1 {
		fmt.Fprintln(w)
		fmt.Fprint(w, aligned.Text(rows, "  ", func(column int) bool { return column != 2 && column != 4 }))
	}
}

func three(x score.Number) string { return strconv.FormatFloat(float64(x), 'f', 3, 64) }

func signed(x score.Number) string { return fmt.Sprintf("%+.3f", float64(x)) }

// ranked returns the scores on a split by view, the best first.
func ranked(c *compare.Comparison, split string) []compare.Score {
	var list []compare.Score
	for _, s := range c.Scores {
		if s.Split == split {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b compare.Score) int {
		better := cmp.Compare(b.Mean, a.Mean)
		if c.Lower {
			better = -better
		}
		return cmp.Or(cmp.Compare(a.View, b.View), better)
	})
	return list
}
