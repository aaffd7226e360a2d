package gbt

import (
	"sync"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/kernel/tally"
)

// Roots of many trees are built a piece at a time: pieceWidth features of tally.BlockRows rows.
// The piece's tables, bins and derivatives then fit the second cache.
const pieceWidth = 32

// worthwhile is how many trees have to see a row on average so that a sum of eight lanes
// costs less than one sum for each tree that sees the row.
const worthwhile = 3

// roots are the histograms of the roots of a round's trees. All trees see the same bins
// there, so a bin is read once for the derivatives of up to eight classes. Further down
// every tree has nodes of its own.
type roots struct {
	bins    *bins
	words   [][]uint64 // of gradients
	hist    [][]packed // by class; nil if the tree builds its own
	scratch sync.Pool  // of *pieceTables
}

// pieceTables are what a worker adds to: the sums of a piece, and the rows' derivatives
// side by side.
type pieceTables struct {
	tables [pieceWidth / 2]tally.Tables
	values [tally.BlockRows]tally.Slot
	bins   tally.Block
	rows   [tally.BlockRows]int32 // 0, 1, 2 and so on
}

// newRoots returns histograms for the classes of which it is worthwhile.
func newRoots(b *bins, q *gradients, p Params) *roots {
	r := &roots{bins: b, words: q.words, hist: make([][]packed, len(q.words))}
	r.scratch.New = func() any {
		t := new(pieceTables)
		for i := range t.rows {
			t.rows[i] = int32(i)
		}
		return t
	}
	for k := range r.hist {
		trees := min(tally.Lanes, len(r.hist)-k/tally.Lanes*tally.Lanes) // that share the eight lanes
		// A tree builds eight features for one that it sees.
		if float64(trees)*p.Subsample*min(1, lanes*p.ColsampleTree) >= worthwhile {
			r.hist[k] = make([]packed, b.slots())
		}
	}
	return r
}

// build sets the histograms to those of all rows, by the derivatives that gradients has:
// rows that a tree does not see have none.
func (r *roots) build(team *f32.Team) {
	pieces := (len(r.bins.features) + pieceWidth - 1) / pieceWidth
	for k := 0; k < len(r.hist); k += tally.Lanes {
		if r.hist[k] != nil {
			team.Do(pieces, func(i int) { r.piece(i*pieceWidth, k) })
		}
	}
}

// piece builds the histograms of the features from the first on, for the classes from k on.
func (r *roots) piece(first, k int) {
	t := r.scratch.Get().(*pieceTables)
	defer r.scratch.Put(t)
	clear(t.tables[:])
	g := &r.bins.groups[first/groupWidth]
	at := first % groupWidth
	width := min(pieceWidth, g.width-at)
	words := r.words[k:min(k+tally.Lanes, len(r.words))]
	for lo := 0; lo < r.bins.rows; lo += tally.BlockRows {
		hi := min(lo+tally.BlockRows, r.bins.rows)
		weave(t.values[:hi-lo], words, lo)
		tally.Gather(&t.bins, g.bin[lo*g.width+at:], g.width, width, t.rows[:hi-lo])
		for f := 0; f < width; f += 2 {
			bins := t.bins[f/lanes][:hi-lo]
			tally.Add(&t.tables[f/2], bins, f%lanes, t.values[:hi-lo])
		}
	}
	r.spread(t, first, k)
}

// weave puts the words of the rows from lo on side by side.
func weave(values []tally.Slot, words [][]uint64, lo int) {
	for lane, list := range words {
		for i, w := range list[lo : lo+len(values)] {
			values[i][lane] = packed(w)
		}
	}
}

// spread copies the sums of a piece to the histograms of the classes from k on.
func (r *roots) spread(t *pieceTables, first, k int) {
	list := r.bins.features[first:min(first+pieceWidth, len(r.bins.features))]
	for i, f := range list {
		sums := &t.tables[i/2][i%2]
		for lane, h := range r.hist[k:min(k+tally.Lanes, len(r.hist))] {
			for s := range h[f.slot : f.end()+1] {
				h[f.slot+s] = sums[s][lane]
			}
		}
	}
}
