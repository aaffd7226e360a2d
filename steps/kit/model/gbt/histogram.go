package gbt

// build sets h to the histogram of some rows: slot by slot the sum of their gh, which is
// in the order of rows. Groups without a wanted feature are left as they are.
func (b *bins) build(h []packed, rows []int32, gh []packed, wanted []bool) {
	for i := range b.groups {
		g := &b.groups[i]
		if !anyOf(wanted[g.first : g.first+g.n]) {
			continue
		}
		part := h[g.lo:g.hi]
		clear(part)
		g.add(part, rows, gh)
	}
}

// add adds the rows to the group's part of a histogram. The eight sums of a row
// are written out: a loop over lanes would cost half the speed.
func (g *group) add(h []packed, rows []int32, gh []packed) {
	at0, at1, at2, at3 := g.at[0], g.at[1], g.at[2], g.at[3]
	at4, at5, at6, at7 := g.at[4], g.at[5], g.at[6], g.at[7]
	gh = gh[:len(rows)]
	for i, r := range rows {
		v, bin := gh[i], &g.bin[r]
		h[at0+int(bin[0])] += v
		h[at1+int(bin[1])] += v
		h[at2+int(bin[2])] += v
		h[at3+int(bin[3])] += v
		h[at4+int(bin[4])] += v
		h[at5+int(bin[5])] += v
		h[at6+int(bin[6])] += v
		h[at7+int(bin[7])] += v
	}
}

// subtract subtracts a child's histogram from its parent's, which leaves that of the
// other child. Groups without a wanted feature are left as they are.
func (b *bins) subtract(parent, child []packed, wanted []bool) {
	for i := range b.groups {
		g := &b.groups[i]
		if !anyOf(wanted[g.first : g.first+g.n]) {
			continue
		}
		p, c := parent[g.lo:g.hi], child[g.lo:g.hi]
		for s, v := range c {
			p[s] -= v
		}
	}
}

func anyOf(wanted []bool) bool {
	for _, w := range wanted {
		if w {
			return true
		}
	}
	return false
}
