package report

import (
	"cmp"
	"maps"
	"slices"

	"assay/steps/kit/plain"
	"assay/steps/kit/table"
)

// validation is the validation index as counts.
type validation struct {
	Episodes  int
	Statuses  []statusCount
	ByHost    []countRow
	ByProfile []countRow
	Listed    []listedEpisode // those not accepted, the worst first
	Unlisted  int             // how many more there are
}

// A statusCount is the number of episodes of one status.
type statusCount struct {
	Status string
	N      int
}

// A countRow counts the episodes of one host or profile, by status.
type countRow struct {
	Name   string
	Counts []int
	Total  int
}

// A listedEpisode is one that was not accepted.
type listedEpisode struct {
	Status, Host, Episode, Profile string
	Reasons                        []string
	More                           int // reasons left out
}

// Bounds on what is shown of one episode.
const (
	maxReasons = 4
	maxReason  = 200
)

// newValidation counts the verdicts, and lists at most so many of the episodes that
// are not accepted.
func newValidation(index []table.Episode, listed int) *validation {
	v := &validation{Episodes: len(index)}
	for _, s := range table.Statuses() {
		n := 0
		for _, e := range index {
			if e.Status == s {
				n++
			}
		}
		v.Statuses = append(v.Statuses, statusCount{string(s), n})
	}
	v.ByHost = countBy(index, func(e *table.Episode) string { return e.Host })
	v.ByProfile = countBy(index, func(e *table.Episode) string { return e.Profile })
	v.list(index, listed)
	return v
}

// countBy counts the verdicts per key, in the order of the keys.
func countBy(index []table.Episode, key func(*table.Episode) string) []countRow {
	all := table.Statuses()
	rows := map[string]*countRow{}
	for i := range index {
		k := key(&index[i])
		if rows[k] == nil {
			rows[k] = &countRow{Name: plain.Name(k), Counts: make([]int, len(all))}
		}
		if s := slices.Index(all, index[i].Status); s >= 0 {
			rows[k].Counts[s]++
		}
		rows[k].Total++
	}
	var list []countRow
	for _, k := range slices.Sorted(maps.Keys(rows)) {
		list = append(list, *rows[k])
	}
	return list
}

// list shows the episodes that are not accepted, the worst verdict first, and counts
// those beyond most.
func (v *validation) list(index []table.Episode, most int) {
	var bad []*table.Episode
	for i := range index {
		if index[i].Status != table.Accepted {
			bad = append(bad, &index[i])
		}
	}
	rank := func(e *table.Episode) int { return -slices.Index(table.Statuses(), e.Status) }
	slices.SortStableFunc(bad, func(a, b *table.Episode) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.Compare(b.Key))
	})
	if len(bad) > most {
		v.Unlisted = len(bad) - most
		bad = bad[:most]
	}
	for _, e := range bad {
		l := listedEpisode{Status: string(e.Status), Host: plain.Name(e.Host), Episode: plain.Name(e.Episode),
			Profile: plain.Name(e.Profile)}
		for i, r := range e.Reasons {
			if i == maxReasons {
				l.More = len(e.Reasons) - i
				break
			}
			l.Reasons = append(l.Reasons, plain.Text(r, maxReason))
		}
		v.Listed = append(v.Listed, l)
	}
}

// NotAccepted returns how many episodes were not accepted.
func (v *validation) NotAccepted() int { return len(v.Listed) + v.Unlisted }

// A countTable counts the episodes of all hosts or profiles, by status.
type countTable struct {
	Caption, Head string
	Statuses      []statusCount
	Rows          []countRow
	All           int
}

// Table returns the data of the template "counts".
func (v *validation) Table(caption, head string, rows []countRow) countTable {
	return countTable{caption, head, v.Statuses, rows, v.Episodes}
}
