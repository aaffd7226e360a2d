package main

// rowPanels is the number of panels that the kernel of one row takes at once. Each
// has two sums, and eight sums are as many as two units with four cycles of latency
// need to be busy: one panel would wait for its own sums. More would not help, since B
// then comes from the second cache as fast as it can.
const rowPanels = 4

// row writes the product of a single row: four whole panels at once, and as many
// groups of them as there are, one beside the other.
func row(e *emitter) {
	e.function("row", "adds a row of A times groups of four panels of B, panel bytes apart, to 64 columns of C each."+
		" Steps are in bytes; the sums of a panel start from c0, those of the next one from bytes on.", false,
		arg{"kc", "int"}, arg{"a", "ptr"}, arg{"acs", "int"}, arg{"b", "ptr"}, arg{"ldb", "int"}, arg{"panel", "int"},
		arg{"c0", "ptr"}, arg{"from", "int"}, arg{"c", "ptr"}, arg{"groups", "int"})
	const left, pa, acs, pb, last, ldb, panel, pc, step gp = 0, 1, 2, 3, 4, 5, 6, 7, 8
	sum := func(i, half int) vec { return vec(4 + 2*i + half) }
	e.param(acs, "acs")
	e.param(ldb, "ldb")
	e.param(panel, "panel")
	e.label("group")
	e.param(pc, "c0")
	e.param(step, "from")
	for i := range rowPanels {
		e.load(sum(i, 0), at(pc))
		e.load(sum(i, 1), at(pc).plus(32))
		e.plus(pc, step)
	}
	e.setParam("c0", pc)
	e.param(pa, "a")
	e.param(pb, "b")
	e.lea(last, at(pb).by(panel, 2))
	e.plus(last, panel)
	e.param(left, "kc")
	e.ifZero(left, "sums")
	e.label("products")
	e.element(2, at(pa))
	for i, m := range []mem{at(pb), at(pb).by(panel, 1), at(pb).by(panel, 2), at(last)} {
		e.fmaMemory(sum(i, 0), m, 2)
		e.fmaMemory(sum(i, 1), m.plus(32), 2)
	}
	e.plus(pa, acs)
	e.plus(pb, ldb)
	e.plus(last, ldb)
	e.countDown(left, 1, "products")
	e.label("sums")
	e.param(pc, "c")
	for i := range rowPanels {
		e.store(sum(i, 0), at(pc).plus(64*i))
		e.store(sum(i, 1), at(pc).plus(64*i+32))
	}
	e.nextGroup(pb, panel, pc, left)
	e.ret()
}

// nextGroup moves B and C on by four panels, as long as there are so many. The
// pointers b and c are overwritten, and t is.
func (e *emitter) nextGroup(b, panel, c, t gp) {
	e.inc(c, 64*rowPanels)
	e.setParam("c", c)
	e.param(b, "b")
	e.lea(b, at(b).by(panel, rowPanels))
	e.setParam("b", b)
	e.param(t, "groups")
	e.dec(t, 1)
	e.setParam("groups", t)
	e.ifNotZero(t, "group")
}
