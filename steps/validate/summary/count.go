package summary

import (
	"cmp"
	"slices"
	"strings"

	"assay/steps/kit/table"
)

// A group is a set of episodes that are counted together. The group with an empty reason
// counts every episode once, whatever its reasons.
type group struct {
	host, profile string
	status        table.Status
	reason        string
}

func (g group) compare(o group) int {
	return cmp.Or(cmp.Compare(g.host, o.host), cmp.Compare(g.profile, o.profile),
		cmp.Compare(g.column(), o.column()), cmp.Compare(g.reason, o.reason))
}

// column is the place of the group's status among the columns.
func (g group) column() int { return slices.Index(table.Statuses(), g.status) }

// A tally counts the episodes of a group, and the occurrences in all of them.
type tally struct {
	episodes, times int
	first           table.Key // in key order
}

// A census is the index as counts.
type census struct {
	groups []group // in order; none without episodes
	tally  map[group]*tally
}

// count counts rows, which are in key order.
func count(index []table.Episode) *census {
	c := &census{tally: map[group]*tally{}}
	for _, e := range index {
		g := group{host: e.Host, profile: e.Profile, status: e.Status}
		c.add(g, e.Key, 1)
		times := map[string]int{}
		for _, r := range e.Reasons {
			rule, _, _ := strings.Cut(r, ": ")
			times[rule]++
		}
		for rule, n := range times { // each into a group of its own
			g.reason = rule
			c.add(g, e.Key, n)
		}
	}
	slices.SortFunc(c.groups, group.compare)
	return c
}

func (c *census) add(g group, k table.Key, times int) {
	t := c.tally[g]
	if t == nil {
		t = &tally{first: k}
		c.tally[g] = t
		c.groups = append(c.groups, g)
	}
	t.episodes++
	t.times += times
}

// A sum is one line of a table.
type sum struct {
	tally
	by [table.NumStatuses]int // episodes of each status
}

// sums adds up the groups for which key returns the same key, and leaves out those for
// which it returns false. The keys are listed in the order in which they first occur.
func sums[K comparable](c *census, key func(group) (K, bool)) (keys []K, of map[K]*sum) {
	of = map[K]*sum{}
	for _, g := range c.groups {
		k, ok := key(g)
		if !ok {
			continue
		}
		t, s := c.tally[g], of[k]
		if s == nil {
			s = &sum{tally: tally{first: t.first}}
			of[k] = s
			keys = append(keys, k)
		}
		s.episodes += t.episodes
		s.times += t.times
		s.by[g.column()] += t.episodes
		if t.first.Compare(s.first) < 0 {
			s.first = t.first
		}
	}
	return keys, of
}
