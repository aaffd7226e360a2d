package main

// gates writes the pointwise part of an LSTM's and a GRU's time step.
func gates(e *emitter) {
	lstm(e)
	lstmBack(e)
	gru(e)
	gruBack(e)
}

// Registers of all four. width is the bytes of one gate, g the row of gates, g3
// the fourth gate.
const (
	gn gp = iota
	gcols
	grows
	width
	gt
	g
	g3
	q0
	q1
	q2
	q3
)

// gate is the place of gate i in the row at base; i < 3.
func gate(base gp, i int) mem {
	if i == 0 {
		return at(base)
	}
	return at(base).by(width, i)
}

// start reads what all four have, and the pointers named.
func (e *emitter) start(cols string, pointers map[string]gp) {
	e.param(grows, "rows")
	e.param(gcols, cols)
	e.mov(width, gcols)
	e.times4(width)
	for _, name := range []string{"gates", "gx", "gh", "c0", "c", "tc", "h0", "h", "dc", "dh"} {
		if p, ok := pointers[name]; ok {
			e.param(p, name+"_base")
		}
	}
}

func lstm(e *emitter) {
	e.function("lstm", "is one time step of an LSTM after its products: rows of gates i, f, g, o.", false,
		arg{"gates", "slice"}, arg{"c0", "slice"}, arg{"c", "slice"}, arg{"tc", "slice"}, arg{"h", "slice"}, arg{"rows", "int"}, arg{"cols", "int"})
	const c0, c, tc, h = q0, q1, q2, q3
	e.start("cols", map[string]gp{"gates": g, "c0": c0, "c": c, "tc": tc, "h": h})
	e.rows(grows, func() {
		e.lea(g3, gate(g, 2))
		e.plus(g3, width)
		e.mov(gn, gcols)
		e.each(gn, gt, []gp{g, g3, c0, c, tc, h}, func() {
			ss := sets(3)
			i, f, u := ss[0], ss[1], ss[2]
			for k, s := range ss {
				e.load(s.x, gate(g, k))
			}
			e.squash([]set{i, f}, []set{u})
			for k, s := range ss {
				e.store(s.x, gate(g, k))
			}
			e.mul(i.x, i.x, u.x)
			e.load(i.t, at(c0))
			e.fma(i.x, f.x, i.t)
			e.store(i.x, at(c))
			o := f
			e.load(o.x, at(g3))
			e.squash([]set{o}, []set{i})
			e.store(i.x, at(tc))
			e.store(o.x, at(g3))
			e.mul(i.x, i.x, o.x)
			e.store(i.x, at(h))
		})
		e.mov(g, g3)
	})
	e.ret()
}

// slope: d *= s (1 - s), the derivative of a sigmoid s.
func (e *emitter) slope(d, s, t vec) {
	e.set(t, "one")
	e.sub(t, t, s)
	e.mul(t, t, s)
	e.mul(d, d, t)
}

// tanhSlope: t = 1 - y².
func (e *emitter) tanhSlope(t, y vec) {
	e.set(t, "one")
	e.fnma(t, y, y)
}

func lstmBack(e *emitter) {
	e.function("lstmBack", "is the backward pass of lstm: gates become their gradients, dc that of c0.", false,
		arg{"gates", "slice"}, arg{"c0", "slice"}, arg{"tc", "slice"}, arg{"dc", "slice"}, arg{"dh", "slice"}, arg{"rows", "int"}, arg{"cols", "int"})
	const c0, tc, dc, dh = q0, q1, q2, q3
	e.start("cols", map[string]gp{"gates": g, "c0": c0, "tc": tc, "dc": dc, "dh": dh})
	e.rows(grows, func() {
		e.lea(g3, gate(g, 2))
		e.plus(g3, width)
		e.mov(gn, gcols)
		e.each(gn, gt, []gp{g, g3, c0, tc, dc, dh}, func() {
			e.load(0, at(dh))
			e.load(1, at(tc))
			e.load(2, at(g3))
			e.mul(3, 0, vec(1)) // dh tc
			e.slope(3, 2, 4)
			e.store(3, at(g3))
			e.mul(0, 0, vec(2)) // dh o
			e.tanhSlope(4, 1)
			e.load(5, at(dc))
			e.fma(5, 0, vec(4)) // the gradient of c
			e.load(0, gate(g, 0))
			e.load(1, gate(g, 1))
			e.load(2, gate(g, 2))
			e.mul(3, 5, vec(2))
			e.slope(3, 0, 4)
			e.store(3, gate(g, 0))
			e.mul(3, 5, vec(0))
			e.tanhSlope(4, 2)
			e.mul(3, 3, vec(4))
			e.store(3, gate(g, 2))
			e.load(2, at(c0))
			e.mul(3, 5, vec(2))
			e.slope(3, 1, 4)
			e.store(3, gate(g, 1))
			e.mul(5, 5, vec(1))
			e.store(5, at(dc))
		})
		e.mov(g, g3)
	})
	e.ret()
}

func gru(e *emitter) {
	e.function("gru", "is one time step of a GRU after its products: rows of gates r, z, n.", false,
		arg{"gx", "slice"}, arg{"gh", "slice"}, arg{"h0", "slice"}, arg{"h", "slice"}, arg{"rows", "int"}, arg{"cols", "int"})
	const gh, h0, h = q0, q1, q2
	e.start("cols", map[string]gp{"gx": g, "gh": gh, "h0": h0, "h": h})
	e.rows(grows, func() {
		e.mov(gn, gcols)
		e.each(gn, gt, []gp{g, gh, h0, h}, func() {
			ss := sets(3)
			r, z, m := ss[0], ss[1], ss[2]
			for k, s := range ss[:2] {
				e.load(s.x, gate(g, k))
				e.load(s.t, gate(gh, k))
				e.add(s.x, s.x, s.t)
			}
			e.sigmoid(ss[:2])
			e.store(r.x, gate(g, 0))
			e.store(z.x, gate(g, 1))
			e.load(m.x, gate(g, 2))
			e.load(m.t, gate(gh, 2))
			e.fma(m.x, r.x, m.t)
			e.tanh(ss[2:])
			e.store(m.x, gate(g, 2))
			e.load(m.t, at(h0))
			e.sub(m.t, m.t, m.x)
			e.fma(m.x, z.x, m.t)
			e.store(m.x, at(h))
		})
		e.nextRow(g, gh)
	})
	e.ret()
}

// nextRow moves pointers that are one gate on to the next row of three.
func (e *emitter) nextRow(pointers ...gp) {
	for _, p := range pointers {
		e.plus(p, width)
		e.plus(p, width)
	}
}

func gruBack(e *emitter) {
	e.function("gruBack", "is the backward pass of gru: gx and gh become their gradients, dh that of h0 past the products.", false,
		arg{"gx", "slice"}, arg{"gh", "slice"}, arg{"h0", "slice"}, arg{"dh", "slice"}, arg{"rows", "int"}, arg{"cols", "int"})
	const gh, h0, dh = q0, q1, q2
	e.start("cols", map[string]gp{"gx": g, "gh": gh, "h0": h0, "dh": dh})
	e.rows(grows, func() {
		e.mov(gn, gcols)
		e.each(gn, gt, []gp{g, gh, h0, dh}, func() {
			e.load(0, at(dh))
			e.load(1, gate(g, 0)) // r
			e.load(2, gate(g, 1)) // z
			e.load(3, gate(g, 2)) // n
			e.mul(4, 0, vec(2))
			e.store(4, at(dh))
			e.load(4, at(h0))
			e.sub(4, 4, vec(3))
			e.mul(4, 4, vec(0))
			e.slope(4, 2, 5)
			e.store(4, gate(g, 1))
			e.store(4, gate(gh, 1))
			e.set(4, "one")
			e.sub(4, 4, vec(2))
			e.mul(4, 4, vec(0))
			e.tanhSlope(5, 3)
			e.mul(4, 4, vec(5)) // dn
			e.store(4, gate(g, 2))
			e.load(5, gate(gh, 2))
			e.mul(5, 5, vec(4))
			e.slope(5, 1, 6)
			e.store(5, gate(g, 0))
			e.store(5, gate(gh, 0))
			e.mul(4, 4, vec(1))
			e.store(4, gate(gh, 2))
		})
		e.nextRow(g, gh)
	})
	e.ret()
}
