package gbt

import (
	"slices"

	"assay/steps/kit/kernel/tally"
)

// build sets h to the histogram of some rows: slot by slot the sum of their gh, which is
// in the order of rows. Tables without a wanted feature are left as they are. block is scratch.
func (b *bins) build(h []packed, rows []int32, gh []packed, wanted []bool, block *tally.Block) {
	b.each(wanted, func(f feature) { clear(h[f.slot : f.end()+1]) })
	for i := range b.groups {
		g, first := &b.groups[i], i*groupWidth
		if !slices.Contains(wanted[first:first+len(g.features)], true) {
			continue
		}
		for lo := 0; lo < len(rows); lo += tally.BlockRows {
			hi := min(lo+tally.BlockRows, len(rows))
			tally.Gather(block, g.bin, g.width, g.width, rows[lo:hi])
			for at := 0; at < g.width; at += lanes {
				if isWanted(wanted, first+at) {
					t := (*tally.Table)(h[(first+at)*tally.Pitch:])
					tally.AddRows(t, block[at/lanes][:hi-lo], gh[lo:hi])
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
