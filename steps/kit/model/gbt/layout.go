package gbt

import (
	"slices"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/kernel/huge"
	"assay/steps/kit/kernel/tally"
	"assay/steps/kit/model/gbt/quantile"
)

// A row of a group is at most groupWidth bytes, a cache line. A table adds lanes of them
// at once.
const (
	lanes      = 8
	groupWidth = 64 // a multiple of pieceWidth
)

// bins are the training rows with every value replaced by its bin.
//
// Features that cannot split (all rows in one bin) are left out. The others form groups
// of 64, a byte each, so that the rows of a small node, which lie far apart, cost one
// cache line each and not one for every few features. Within a group, eight features at
// a time are added up: eight independent sums, whose tables fit the nearest cache.
//
// A histogram is one flat slice for all features, tally.Pitch slots each: its bins in order,
// then one for missing values, then what nobody reads. So a byte plus a constant is a
// slot of a table, and the loop that adds needs no check of bounds.
type bins struct {
	rows     int
	features []feature
	groups   []group
}

// A feature is a column that can split.
type feature struct {
	column int            // its index among all F features
	cuts   []float32      // see quantile.Cuts
	keys   *quantile.Keys // of cuts
	slot   int            // its first slot in a histogram
}

// end returns the slot of the missing values, the feature's last.
func (f feature) end() int { return f.slot + len(f.cuts) }

// A group is some features side by side. Bytes without a feature are 0 and count into
// slots that nobody reads.
type group struct {
	features []feature // at most groupWidth
	width    int       // bytes of a row: the features', up to a multiple of lanes
	bin      []byte    // N×width
}

// slots returns the length of a histogram.
func (b *bins) slots() int { return (len(b.features) + lanes - 1) / lanes * lanes * tally.Pitch }

// newBins bins the N×F matrix x.
func newBins(x []float32, columns, maxBin int, team *f32.Team) *bins {
	b := &bins{rows: len(x) / columns}
	b.findFeatures(x, columns, maxBin, team)
	b.tidy()
	for list := range slices.Chunk(b.features, groupWidth) {
		width := (len(list) + lanes - 1) / lanes * lanes
		b.groups = append(b.groups, group{features: list, width: width, bin: huge.Bytes(b.rows * width)})
	}
	team.Do((b.rows+stretch-1)/stretch, func(i int) {
		b.fill(x, columns, i*stretch, min((i+1)*stretch, b.rows))
	})
	return b
}

// columnScratch is what a worker needs to find the cuts of a few columns.
type columnScratch struct {
	values [lanes][]float32
	sorter quantile.Sorter
}

// findFeatures finds the columns that can split, and their cuts.
func (b *bins) findFeatures(x []float32, columns, maxBin int, team *f32.Team) {
	cuts := make([][]float32, columns)
	absent := make([]bool, columns)
	spare := make(chan *columnScratch, team.Workers()) // no sync.Pool, which outlives its use
	for range cap(spare) {
		spare <- new(columnScratch)
	}
	team.Do((columns+lanes-1)/lanes, func(i int) {
		s := <-spare
		defer func() { spare <- s }()
		first := i * lanes
		n := min(lanes, columns-first)
		present(s.values[:n], x, first, columns)
		for c, list := range s.values[:n] {
			absent[first+c] = len(list) < b.rows
			cuts[first+c] = quantile.Cuts(list, maxBin-1, &s.sorter)
		}
	})
	for c, list := range cuts {
		if len(list) >= 2 || len(list) == 1 && absent[c] {
			b.features = append(b.features, feature{
				column: c, cuts: list, keys: quantile.KeysOf(list), slot: len(b.features) * tally.Pitch,
			})
		}
	}
}

// present sets each list to the values of a column that are not missing, from the first
// on. A few columns at a time cost hardly more of memory's time than one.
func present(lists [][]float32, x []float32, first, columns int) {
	for c := range lists {
		lists[c] = slices.Grow(lists[c][:0], len(x)/columns)
	}
	for i := first; i < len(x); i += columns {
		for c, v := range x[i : i+len(lists)] {
			if !missing(v) {
				lists[c] = append(lists[c], v)
			}
		}
	}
}

// fill sets the bins of the rows from lo to hi.
func (b *bins) fill(x []float32, columns, lo, hi int) {
	for i := range b.groups {
		g := &b.groups[i]
		for row := lo; row < hi; row++ {
			from, to := x[row*columns:(row+1)*columns], g.bin[row*g.width:(row+1)*g.width]
			for lane := range g.features {
				f := &g.features[lane]
				to[lane] = f.binOf(from[f.column])
			}
		}
	}
}

// binOf returns the slot of a value, counted from the feature's first.
func (f *feature) binOf(v float32) byte {
	if missing(v) {
		return byte(len(f.cuts))
	}
	return byte(f.keys.Bin(v))
}
