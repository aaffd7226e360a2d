package diff

import (
	"cmp"
	"fmt"
	"slices"

	"assay/cmd/assay/internal/plain"
)

// A block is the rows of one model and view, the mean last.
type block struct {
	title string
	rows  []*Score
}

// blocks returns the rows of a measure for people, by model and view.
func (s *Scores) blocks() []*block {
	var list []*block
	steps := map[string][]string{} // by model and view
	titleOf := func(r *Score) string { return plain.Printable(r.Model + ", " + r.View) }
	for i := range s.Evaluations {
		t := titleOf(&s.Evaluations[i])
		if step := s.Evaluations[i].Step; !slices.Contains(steps[t], step) {
			steps[t] = append(steps[t], step)
		}
	}
	add := func(r *Score) {
		title := titleOf(r)
		if len(steps[title]) > 1 {
			title += " (" + plain.Printable(r.Step) + ")"
		}
		i := slices.IndexFunc(list, func(b *block) bool { return b.title == title })
		if i < 0 {
			i = len(list)
			list = append(list, &block{title: title})
		}
		list[i].rows = append(list[i].rows, r)
	}
	for i := range s.Evaluations {
		add(&s.Evaluations[i])
	}
	for i := range s.Means {
		add(&s.Means[i])
	}
	slices.SortStableFunc(list, func(a, b *block) int { return cmp.Compare(a.title, b.title) })
	return list
}

// label names a row within its block.
func (r *Score) label() string {
	if r.Splits > 0 {
		return fmt.Sprintf("mean of %d", r.Splits)
	}
	return plain.Printable(r.Split)
}

// verdict is the column of differences.
func (r *Score) verdict() string {
	switch {
	case r.Change == Added:
		return "only in new"
	case r.Change == Removed:
		return "only in old"
	case r.Unpaired != "":
		return plain.Printable(r.Unpaired)
	}
	return r.Difference.signed()
}

// paired reports whether a row has a difference.
func (s *Scores) paired() bool {
	return slices.ContainsFunc(s.Evaluations, func(r Score) bool { return r.Difference != nil })
}

// title says what the numbers of a table are.
func (s *Scores) title() string {
	text := fmt.Sprintf("%s, %s intervals over episodes", s.Title, percent(s.Level))
	if s.Lower {
		text += ", lower is better"
	}
	return text
}

// note explains the columns of differences; "" if there are none.
func (s *Scores) note() string {
	if !s.paired() {
		return ""
	}
	return fmt.Sprintf("difference: new − old, same resamples; p by Holm's method; * below %.4g", 1-s.Level)
}
