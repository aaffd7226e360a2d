package main

import "fmt"

// gemm writes the micro-kernels of the matrix product: MR rows by one panel of
// 16 columns, the 6-row one for any number of tiles, one below the other.
func gemm(e *emitter) {
	for _, rows := range []int{1, 2, 3, 4, 5, 6} {
		tile(e, rows)
	}
	row(e)
}

var tileArgs = []arg{
	{"kc", "int"}, {"a", "ptr"}, {"ars", "int"}, {"acs", "int"}, {"b", "ptr"}, {"ldb", "int"},
	{"c0", "ptr"}, {"ldc0", "int"}, {"c", "ptr"}, {"ldc", "int"}, {"n0", "int"}, {"n1", "int"}, {"tiles", "int"},
}

// General registers of a tile. a3 is three rows below a.
const (
	kc gp = iota
	pa
	pa3
	ars
	acs
	pb
	ldb
	pc
	ldc
	cn0
	cn1
	tmp
)

func tile(e *emitter, rows int) {
	e.function(fmt.Sprintf("tile%d", rows), fmt.Sprintf(
		"adds A·B to C for tiles of %d rows and one panel of 16 columns (n0+n1 of them,"+
			" at most 8 each, are stored). Steps are in bytes; the sums start from c0.", rows), false, tileArgs...)
	e.param(ars, "ars")
	e.param(acs, "acs")
	e.param(ldb, "ldb")
	e.param(cn0, "n0")
	e.param(cn1, "n1")
	e.label("tile")
	e.edge(rows, "c0", "ldc0", false)
	e.param(kc, "kc")
	e.param(pa, "a")
	e.param(pb, "b")
	if rows > 3 {
		e.lea(pa3, at(pa).by(ars, 2))
		e.plus(pa3, ars)
	}
	e.ifZero(kc, "sums")
	e.label("products")
	e.products(rows)
	e.countDown(kc, 1, "products")
	e.label("sums")
	e.edge(rows, "c", "ldc", true)
	if rows == 6 {
		e.nextTile(rows)
	}
	e.ret()
}

// products adds one column of A times one row of B.
func (e *emitter) products(rows int) {
	e.load(0, at(pb))
	e.load(1, at(pb).plus(32))
	for i := range rows {
		m := at(pa)
		if i >= 3 {
			m = at(pa3)
		}
		if i%3 > 0 {
			m = m.by(ars, i%3)
		}
		t := vec(2 + i%2)
		e.element(t, m)
		e.fmaElement(vec(4+2*i), 0, t)
		e.fmaElement(vec(5+2*i), 1, t)
	}
	e.plus(pa, acs)
	if rows > 3 {
		e.plus(pa3, acs)
	}
	e.plus(pb, ldb)
}

// edge moves the tile between the registers and memory: full rows at once, the
// last panel of a matrix under masks.
func (e *emitter) edge(rows int, base, step string, store bool) {
	part, done := e.fresh("part"), e.fresh("whole")
	e.param(pc, base)
	e.param(ldc, step)
	e.ifLess(cn1, 8, part)
	for i := range rows {
		for h := range 2 {
			if v := vec(4 + 2*i + h); store {
				e.store(v, at(pc).plus(32*h))
			} else {
				e.load(v, at(pc).plus(32*h))
			}
		}
		e.plus(pc, ldc)
	}
	e.jump(done)
	e.label(part)
	e.maskOf(0, cn0, tmp)
	e.maskOf(1, cn1, tmp)
	for i := range rows {
		for h, n := range []gp{cn0, cn1} {
			if v := vec(4 + 2*i + h); store {
				e.storeMasked(v, at(pc).plus(32*h), vec(h), n)
			} else {
				e.loadMasked(v, at(pc).plus(32*h), vec(h), n)
			}
		}
		e.plus(pc, ldc)
	}
	e.label(done)
}

// nextTile moves A and C on by one tile, as long as there is one.
func (e *emitter) nextTile(rows int) {
	e.setParam("c", pc)
	e.param(pc, "c0")
	e.param(ldc, "ldc0")
	for range rows {
		e.plus(pc, ldc)
	}
	e.setParam("c0", pc)
	e.param(pa, "a")
	for range rows {
		e.plus(pa, ars)
	}
	e.setParam("a", pa)
	e.param(tmp, "tiles")
	e.dec(tmp, 1)
	e.setParam("tiles", tmp)
	e.ifNotZero(tmp, "tile")
}
