package gbt

import "slices"

// A table is the part of a histogram that lanes features fill.
type table [lanes * maxBins]packed

// run is how many rows go through all tables of a group before the next: few enough for
// their lines to stay in the second cache, and enough to make up for changing tables.
const run = 1024

// build sets h to the histogram of some rows: slot by slot the sum of their gh, which is
// in the order of rows. Tables without a wanted feature are left as they are.
func (b *bins) build(h []packed, rows []int32, gh []packed, wanted []bool) {
	b.each(wanted, func(f feature) { clear(h[f.slot : f.end()+1]) })
	for i := range b.groups {
		g := &b.groups[i]
		for lo := 0; lo < len(rows); lo += run {
			hi := min(lo+run, len(rows))
			for at := 0; at < g.width; at += lanes {
				first := i*groupWidth + at
				if isWanted(wanted, first) {
					g.add((*table)(h[first*maxBins:]), at, rows[lo:hi], gh[lo:hi])
				}
			}
		}
	}
}

// add adds the rows to the table of the features from the at-th of the group. The eight
// sums of a row are written out: a loop over lanes would cost half the speed.
func (g *group) add(h *table, at int, rows []int32, gh []packed) {
	gh = gh[:len(rows)]
	all, width := g.bin[at:], g.width
	for i, r := range rows {
		v, bin := gh[i], (*[lanes]byte)(all[int(r)*width:])
		h[0*maxBins+int(bin[0])] += v
		h[1*maxBins+int(bin[1])] += v
		h[2*maxBins+int(bin[2])] += v
		h[3*maxBins+int(bin[3])] += v
		h[4*maxBins+int(bin[4])] += v
		h[5*maxBins+int(bin[5])] += v
		h[6*maxBins+int(bin[6])] += v
		h[7*maxBins+int(bin[7])] += v
	}
}

// subtract subtracts a child's histogram from its parent's, which leaves that of the
// other child. Tables without a wanted feature are left as they are.
func (b *bins) subtract(parent, child []packed, wanted []bool) {
	b.each(wanted, func(f feature) {
		p, c := parent[f.slot:f.end()+1], child[f.slot:f.end()+1]
		for s, v := range c {
			p[s] -= v
		}
	})
}

// each calls do with every feature of the tables that have a wanted one.
func (b *bins) each(wanted []bool, do func(feature)) {
	for first := 0; first < len(b.features); first += lanes {
		if isWanted(wanted, first) {
			for _, f := range b.features[first:min(first+lanes, len(b.features))] {
				do(f)
			}
		}
	}
}

// isWanted reports whether a feature of the table that begins with the first is.
func isWanted(wanted []bool, first int) bool {
	return slices.Contains(wanted[first:min(first+lanes, len(wanted))], true)
}
