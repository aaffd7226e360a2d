package split

import (
	"cmp"
	"math"
	"slices"

	"assay/steps/kit/table"
)

// What a near-duplicate is, and how far it is looked for.
//
// Two values of a feature are alike if they differ by at most nearStep of the
// feature's spread, the distance between its quartiles over all episodes, or
// are both missing. Two episodes are near-duplicates if all but nearPart of the
// features are alike. Features without a spread, which most episodes have alike
// for no reason of their own, are not compared.
//
// Of the bundled corpus, no two recordings differ in less than 0.27 of the
// features, though many are of one sample on one host. A copy under another name
// or one that was packed again differs in none, one that lost the last three rows
// of every source in 0.10 (the median over 30 episodes, 26 of which are found).
//
// Near-duplicates are looked for along nearTriples triples of features, taken
// evenly from those with many different values: episodes are sorted into strips
// by the first of a triple and by the second within a strip, so that those that
// are alike in both lie together; those that are alike in the third too are
// compared. A near-duplicate is missed only if one feature of every triple
// differs, or if more than nearWindow others lie between. The work is bounded by
// episodes × triples × window comparisons; of real episodes, hardly any two are
// alike in three features.
const (
	nearStep    = 0.05
	nearPart    = 0.20
	nearTriples = 6
	nearWindow  = 512
)

// nearDuplicates looks for episodes that resemble one of an earlier part.
func nearDuplicates(rows []table.AssignmentRow, vectors *table.Vectors) *table.NearDuplicates {
	n := newNeighbours(rows, vectors)
	out := &table.NearDuplicates{Features: len(n.columns), Unknown: n.unknown, List: []table.LikePair{}}
	n.search()
	for i, found := range n.found {
		if found.of < 0 {
			continue
		}
		a, b := n.row[i], n.row[found.of]
		if rows[a].Part == table.Test {
			out.Test++
		} else {
			out.Validation++
		}
		if len(out.List) < table.MaxListed {
			part := math.Round(float64(found.differ)/float64(len(n.columns))*1e4) / 1e4
			out.List = append(out.List, pair(rows, a, b, part))
		}
	}
	return out
}

// neighbours are the episodes of the three parts that have a vector, in key
// order.
type neighbours struct {
	row     []int // of each, its index in the assignment
	order   []int // of each, 0 train, 1 validation, 2 test
	unknown int   // episodes without a vector

	columns []int     // features that are compared
	anchors []int     // those that near-duplicates are looked for along, indexes into columns
	x       []float32 // episodes × columns, in units of nearStep of the spread
	most    int       // features that may differ in a near-duplicate
	found   []likeness
}

// A likeness is the first near-duplicate found for an episode.
type likeness struct{ of, differ int }

// newNeighbours finds the vector of each episode of a part. Excluded episodes are
// left out; those without a vector are counted in unknown.
func newNeighbours(rows []table.AssignmentRow, v *table.Vectors) *neighbours {
	n := &neighbours{}
	order := map[table.Part]int{table.Train: 0, table.Validation: 1, table.Test: 2}
	var at []int // of each, its row in v
	for i, r := range rows {
		o, ok := order[r.Part]
		if !ok {
			continue
		}
		j, ok := table.Find(v.Episodes, r.Key)
		if !ok {
			n.unknown++
			continue
		}
		n.row, n.order, at = append(n.row, i), append(n.order, o), append(at, j)
		n.found = append(n.found, likeness{of: -1})
	}
	n.scale(v, at)
	n.most = int(nearPart * float64(len(n.columns)))
	return n
}

// scale chooses the features and brings them to one scale.
func (n *neighbours) scale(v *table.Vectors, at []int) {
	type feature struct {
		column, values int
		spread         float32
	}
	var list []feature
	column := make([]float32, 0, len(at))
	for f := range v.Features {
		column = column[:0]
		for _, j := range at {
			if x := v.X[j*len(v.Features)+f]; finite(x) {
				column = append(column, x)
			}
		}
		if len(column) < 2 || 2*len(column) < len(at) {
			continue
		}
		slices.Sort(column)
		quartiles := column[len(column)*3/4] - column[len(column)/4]
		if quartiles > 0 && finite(quartiles) {
			list = append(list, feature{f, len(slices.Compact(column)), quartiles})
		}
	}
	n.x = make([]float32, 0, len(at)*len(list))
	for _, j := range at {
		for _, f := range list {
			n.x = append(n.x, v.X[j*len(v.Features)+f.column]/f.spread/nearStep)
		}
	}
	most := 0
	for _, f := range list {
		n.columns = append(n.columns, f.column)
		most = max(most, f.values)
	}
	for i, f := range list {
		if 2*f.values > most {
			n.anchors = append(n.anchors, i)
		}
	}
	n.anchors = spread(n.anchors, 3*nearTriples)
}

// spread picks up to n of a list, evenly.
func spread(list []int, n int) []int {
	if len(list) <= n {
		return list
	}
	picked := make([]int, n)
	for i := range picked {
		picked[i] = list[i*len(list)/n]
	}
	return picked
}

func finite(x float32) bool { return x-x == 0 }

// search fills found, triple of features by triple.
func (n *neighbours) search() {
	anchor := func(i int) int { return n.anchors[min(i, len(n.anchors)-1)] }
	for i := 0; i < len(n.anchors); i += 3 {
		n.along(anchor(i), anchor(i+1), anchor(i+2))
	}
}

// A spot is where an episode lies by a triple of features.
type spot struct {
	strip        float32 // the first, in whole steps
	value, other float32 // the second and the third
	episode      int
}

func compareSpots(a, b spot) int {
	return cmp.Or(cmp.Compare(a.strip, b.strip), cmp.Compare(a.value, b.value), cmp.Compare(a.episode, b.episode))
}

// along compares the episodes that are alike in three features.
func (n *neighbours) along(first, second, third int) {
	var spots []spot
	for i := range n.row {
		if a, b, c := n.at(i, first), n.at(i, second), n.at(i, third); finite(a) && finite(b) && finite(c) {
			spots = append(spots, spot{float32(math.Floor(float64(a))), b, c, i})
		}
	}
	slices.SortFunc(spots, compareSpots)
	for i, x := range spots {
		n.scan(x, spots[i+1:]) // those of its own strip that are above it
		next := spot{strip: x.strip + 1, value: x.value - 1, episode: -1}
		from, _ := slices.BinarySearchFunc(spots, next, compareSpots)
		x.strip = next.strip
		n.scan(x, spots[from:])
	}
}

// scan compares the episode of x with the following ones of its strip, as long as they
// are alike.
func (n *neighbours) scan(x spot, list []spot) {
	for _, y := range list[:min(len(list), nearWindow)] {
		if y.strip != x.strip || y.value-x.value > 1 {
			return
		}
		if d := y.other - x.other; d >= -1 && d <= 1 {
			n.meet(x.episode, y.episode)
		}
	}
}

func (n *neighbours) at(i, column int) float32 { return n.x[i*len(n.columns)+column] }

// meet compares two episodes if one belongs to a later part and resembles no other yet.
func (n *neighbours) meet(i, j int) {
	if n.order[i] < n.order[j] {
		i, j = j, i
	}
	if n.order[i] == n.order[j] || n.found[i].of >= 0 {
		return
	}
	if differ := n.differ(i, j); differ <= n.most {
		n.found[i] = likeness{j, differ}
	}
}

// differ counts the features in which two episodes differ. It stops as soon as they are
// too many for a near-duplicate.
func (n *neighbours) differ(i, j int) int {
	c := len(n.columns)
	x, y := n.x[i*c:i*c+c], n.x[j*c:j*c+c]
	count := 0
	for k, a := range x {
		b := y[k]
		if d := a - b; d >= -1 && d <= 1 || a != a && b != b {
			continue
		}
		if count++; count > n.most {
			return count
		}
	}
	return count
}
