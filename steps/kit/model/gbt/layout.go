package gbt

import "assay/steps/kit/kernel/f32"

// lanes is the number of features in a group.
const lanes = 8

// bins are the training rows with every value replaced by its bin.
//
// Features that cannot split (all rows in one bin) are left out. The others form groups
// of eight. One row of a group is eight bytes, and a histogram is built group by group,
// so that eight independent sums run at once and the group's histogram stays in the
// nearest cache.
//
// A histogram is one flat slice for all features: the slots of a feature are its bins in
// order, then one for missing values.
type bins struct {
	rows     int
	features []feature
	groups   []group
	slots    int // length of a histogram
}

// A feature is a column that can split.
type feature struct {
	column int       // its index among all F features
	cuts   []float32 // see cutsOf
	slot   int       // its first slot in a histogram
}

// end returns the slot of the missing values, the feature's last.
func (f feature) end() int { return f.slot + len(f.cuts) }

// A group is eight features side by side. Lanes without a feature have bin 0 in
// every row and count into a slot of their own that nobody reads.
type group struct {
	first  int           // index of the first lane's feature
	n      int           // lanes in use
	at     [lanes]int    // each lane's first slot, from lo
	lo, hi int           // the group's slots in a histogram
	bin    [][lanes]byte // by row
}

// newBins bins the N×F matrix x.
func newBins(x []float32, columns, maxBin int, team *f32.Team) *bins {
	b := &bins{rows: len(x) / columns}
	cuts := make([][]float32, columns)
	absent := make([]bool, columns)
	team.Do(columns, func(c int) {
		values := presentValues(x, c, columns)
		absent[c] = len(values) < b.rows
		cuts[c] = cutsOf(values, maxBin-1)
	})
	for c, list := range cuts {
		if len(list) >= 2 || len(list) == 1 && absent[c] {
			b.features = append(b.features, feature{column: c, cuts: list})
		}
	}
	for first := 0; first < len(b.features); first += lanes {
		b.addGroup(first)
	}
	team.Do(len(b.groups), func(i int) { b.fill(&b.groups[i], x, columns) })
	return b
}

// presentValues returns the values of a column that are not missing.
func presentValues(x []float32, column, columns int) []float32 {
	values := make([]float32, 0, len(x)/columns)
	for i := column; i < len(x); i += columns {
		if v := x[i]; !missing(v) {
			values = append(values, v)
		}
	}
	return values
}

// addGroup adds a group of the next features, at most lanes. Unused lanes share one slot
// that nobody reads, so the loop over a row needs no branch.
func (b *bins) addGroup(first int) {
	g := group{first: first, n: min(lanes, len(b.features)-first), lo: b.slots}
	for lane := range g.n {
		f := &b.features[first+lane]
		f.slot = b.slots
		g.at[lane] = f.slot - g.lo
		b.slots = f.end() + 1
	}
	if g.n < lanes {
		for lane := g.n; lane < lanes; lane++ {
			g.at[lane] = b.slots - g.lo
		}
		b.slots++
	}
	g.hi = b.slots
	b.groups = append(b.groups, g)
}

// fill sets the bins of a group.
func (b *bins) fill(g *group, x []float32, columns int) {
	g.bin = make([][lanes]byte, b.rows)
	for i := range g.bin {
		for lane, f := range b.features[g.first : g.first+g.n] {
			g.bin[i][lane] = f.binOf(x[i*columns+f.column])
		}
	}
}

// binOf returns the slot of a value, counted from the feature's first.
func (f feature) binOf(v float32) byte {
	if missing(v) {
		return byte(len(f.cuts))
	}
	return byte(binOf(f.cuts, v))
}

// column returns where the bins of feature f are.
func (b *bins) column(f int) (bin [][lanes]byte, lane int) {
	return b.groups[f/lanes].bin, f % lanes
}
