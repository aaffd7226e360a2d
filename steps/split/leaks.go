package split

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"assay/steps/kit/table"
)

// leaks looks for what the finished parts still have in common. rows are those
// of the episodes.
func (d *data) leaks(rows []table.AssignmentRow, vectors *table.Vectors) table.Leaks {
	l := table.Leaks{SameContent: d.sameContent(rows), SameTime: d.sameTime(rows)}
	if vectors != nil {
		l.NearDuplicates = nearDuplicates(rows, vectors)
	}
	return l
}

// sameContent counts the contents of samples that are tested and known.
func (d *data) sameContent(rows []table.AssignmentRow) table.SameContent {
	type content struct {
		episodes map[table.Part]int
		names    []string
	}
	contents := map[string]*content{}
	for i, r := range rows {
		sha := d.eps[i].SampleSHA
		if sha == "" || r.Part == table.Excluded {
			continue
		}
		c := contents[sha]
		if c == nil {
			c = &content{episodes: map[table.Part]int{}}
			contents[sha] = c
		}
		c.episodes[r.Part]++
		if name := (sampleName{r.Profile, r.Sample}).String(); !slices.Contains(c.names, name) {
			c.names = append(c.names, name)
		}
	}
	out := table.SameContent{List: []table.SharedContent{}}
	for _, sha := range slices.Sorted(maps.Keys(contents)) {
		c := contents[sha]
		if c.episodes[table.Test] == 0 {
			continue
		}
		out.Tested++
		if c.episodes[table.Train]+c.episodes[table.Validation] == 0 {
			continue
		}
		out.Shared++
		out.Episodes += c.episodes[table.Test]
		if len(out.List) < table.MaxListed {
			slices.Sort(c.names)
			out.List = append(out.List, table.SharedContent{SHA256: sha,
				Names: c.names[:min(len(c.names), table.MaxListed)], Episodes: c.episodes})
		}
	}
	return out
}

// A span is the time in which an episode was recorded, Unix ns, its end excluded.
type span struct {
	from, to int64
	episode  int
}

// sameTime counts the test episodes that overlap in time with one of training or
// validation.
func (d *data) sameTime(rows []table.AssignmentRow) table.SameTime {
	out := table.SameTime{List: []table.LikePair{}}
	var everywhere []span
	byHost := map[string][]span{}
	for i, r := range rows {
		if r.Part == table.Excluded {
			continue
		}
		s, ok := d.span(i)
		if !ok {
			out.Unknown++
		} else if r.Part != table.Test {
			everywhere = append(everywhere, s)
			byHost[r.Host] = append(byHost[r.Host], s)
		}
	}
	known := newSpans(everywhere)
	hosts := make(map[string]spans, len(byHost))
	for host, list := range byHost {
		hosts[host] = newSpans(list)
	}
	for i, r := range rows {
		s, ok := d.span(i)
		if !ok || r.Part != table.Test {
			continue
		}
		if known.meets(s) >= 0 {
			out.AnyHost++
		}
		other := hosts[r.Host].meets(s)
		if other < 0 {
			continue
		}
		out.SameHost++
		if len(out.List) < table.MaxListed {
			out.List = append(out.List, pair(rows, i, other, 0))
		}
	}
	return out
}

// span returns the time of an episode, and false if it is not known.
func (d *data) span(i int) (span, bool) {
	e := &d.eps[i]
	ns := e.Duration * 1e9
	if e.StartNs == 0 || !(ns >= 1) || ns > math.MaxInt64/4 || e.StartNs > math.MaxInt64/2 ||
		e.StartNs < math.MinInt64/2 {
		return span{}, false
	}
	return span{e.StartNs, e.StartNs + int64(ns), i}, true
}

// spans finds out which of its spans another one overlaps.
type spans struct {
	list []span // by start
	last []int  // of list[:i+1], the index of the one that ends last
}

// newSpans sorts the spans and notes, for each prefix of them, which one ends last,
// so that meets needs one binary search.
func newSpans(list []span) spans {
	slices.SortFunc(list, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.episode, b.episode))
	})
	s := spans{list: list, last: make([]int, len(list))}
	for i := range list {
		if i > 0 && list[s.last[i-1]].to >= list[i].to {
			s.last[i] = s.last[i-1]
		} else {
			s.last[i] = i
		}
	}
	return s
}

// meets returns the episode of a span that overlaps x, or -1: of those that start before
// x ends, the one that ends last.
func (s spans) meets(x span) int {
	n, _ := slices.BinarySearchFunc(s.list, x.to, func(have span, to int64) int { return cmp.Compare(have.from, to) })
	if n == 0 {
		return -1
	}
	if last := s.list[s.last[n-1]]; last.to > x.from {
		return last.episode
	}
	return -1
}

// pair names two episodes of different parts.
func pair(rows []table.AssignmentRow, i, of int, distance float64) table.LikePair {
	a, b := &rows[i], &rows[of]
	return table.LikePair{
		Episode: a.Host + "/" + a.Episode, Part: a.Part,
		Of: b.Host + "/" + b.Episode, OfPart: b.Part, Distance: distance,
	}
}

// warn lists what a user should know of a finished split, one line each.
func warn(info *table.SplitInfo) []string {
	var list []string
	if u := info.UntestedProfiles; len(u) > 0 {
		list = append(list, fmt.Sprintf("no episode of %s is in the test part, so no score covers it", named(u)))
	}
	if lost := info.ProfilesOnlyIn(table.Validation, table.Train); len(lost) > 0 {
		list = append(list, fmt.Sprintf("the validation part has episodes of %s, but the training part has none",
			named(lost)))
	}
	if found := shared(&info.Leaks); len(found) > 0 {
		list = append(list, "the test part shares something with training (leaks in split.json): "+
			strings.Join(found, "; "))
	}
	return list
}

// named lists profiles for people.
func named(profiles []string) string {
	list := slices.Clone(profiles)
	for i, name := range list {
		if name == "" {
			list[i] = "(no profile)"
		}
	}
	return strings.Join(list, ", ")
}

// shared says what the test part has in common with the others.
func shared(l *table.Leaks) []string {
	var found []string
	if c := l.SameContent; c.Shared > 0 {
		found = append(found, fmt.Sprintf("%d of %d tested sample contents also occur in training (%d test episodes)",
			c.Shared, c.Tested, c.Episodes))
	}
	if t := l.SameTime; t.SameHost > 0 {
		found = append(found, fmt.Sprintf("%d test episodes ran while a training episode ran on the same host",
			t.SameHost))
	} else if t.AnyHost > 0 {
		found = append(found, fmt.Sprintf("%d test episodes ran while a training episode ran on another host",
			t.AnyHost))
	}
	if n := l.NearDuplicates; n != nil && n.Test+n.Validation > 0 {
		found = append(found, fmt.Sprintf("%d test and %d validation episodes are near-duplicates of earlier parts'",
			n.Test, n.Validation))
	}
	return found
}
