package gbt

import (
	"slices"

	"assay/steps/kit/kernel/tally"
)

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
			soon := rows[hi:min(hi+run, len(rows))]
			for at := 0; at < g.width; at += lanes {
				first := i*groupWidth + at
				if isWanted(wanted, first) {
					t := (*tally.Table)(h[first*maxBins:])
					tally.AddRows(t, g.bin[at:], g.width, rows[lo:hi], gh[lo:hi], soon)
					soon = soon[min(run/lanes, len(soon)):]
				}
			}
		}
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
