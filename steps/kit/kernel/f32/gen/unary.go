package main

// Functions of each element: dst[i] = f(src[i]). All share one core of exp. Each
// takes any number of register sets and writes their chains side by side.

// A set is the registers of one chain: the argument and result, and three to use.
type set struct{ x, t, p, u vec }

// sets returns k sets in the registers from 0 on.
func sets(k int) []set {
	var out []set
	for i := range vec(k) {
		out = append(out, set{4 * i, 4*i + 1, 4*i + 2, 4*i + 3})
	}
	return out
}

// of calls f for every set.
func of(ss []set, f func(set)) {
	for _, s := range ss {
		f(s)
	}
}

// expm1 leaves q = e^r - 1 in x and the bits of t, where x = n ln 2 + r and the
// bits of t end in n.
func (e *emitter) expm1(ss []set) {
	of(ss, func(s set) { e.set(s.t, "magic") })
	of(ss, func(s set) { e.fma(s.t, s.x, K("log2e")) })
	of(ss, func(s set) { e.sub(s.u, s.t, K("magic")) })
	of(ss, func(s set) { e.fnma(s.x, s.u, K("ln2hi")) })
	of(ss, func(s set) { e.fnma(s.x, s.u, K("ln2lo")) })
	of(ss, func(s set) { e.set(s.p, "p0") })
	for _, k := range []K{"p1", "p2", "p3", "p4", "p5"} {
		of(ss, func(s set) { e.mulAdd(s.p, s.x, k) })
	}
	of(ss, func(s set) { e.mul(s.u, s.x, s.x) })
	of(ss, func(s set) { e.fma(s.x, s.p, s.u) })
}

// scaled is expm1 of x kept between -87 and 87, followed by t = 2^n.
func (e *emitter) scaled(ss []set) {
	of(ss, func(s set) { e.atMost(s.x, "unflush") })
	of(ss, func(s set) { e.atLeast(s.x, "flush") })
	e.expm1(ss)
	of(ss, func(s set) { e.shiftLeft(s.t, s.t, 23) })
	of(ss, func(s set) { e.addBits(s.t, s.t, K("one")) })
}

// scaledExp is scaled followed by x = e^x.
func (e *emitter) scaledExp(ss []set) {
	e.scaled(ss)
	of(ss, func(s set) { e.add(s.x, s.x, K("one")) })
	of(ss, func(s set) { e.mul(s.x, s.x, s.t) })
}

// exp: x = e^x over the whole range. The power of two comes in two factors, so
// that the result may be subnormal or overflow.
func (e *emitter) exp(ss []set) {
	of(ss, func(s set) { e.atMost(s.x, "expHigh") })
	of(ss, func(s set) { e.atLeast(s.x, "expLow") })
	e.expm1(ss)
	of(ss, func(s set) { e.subBits(s.t, s.t, K("magic")) })
	of(ss, func(s set) { e.shiftRight(s.p, s.t, 1) })
	of(ss, func(s set) { e.subBits(s.t, s.t, s.p) })
	of(ss, func(s set) { e.add(s.x, s.x, K("one")) })
	for _, half := range []func(set) vec{func(s set) vec { return s.p }, func(s set) vec { return s.t }} {
		of(ss, func(s set) { e.shiftLeft(half(s), half(s), 23) })
		of(ss, func(s set) { e.addBits(half(s), half(s), K("one")) })
		of(ss, func(s set) { e.mul(s.x, s.x, half(s)) })
	}
}

// sigmoid: x = 1 / (1 + e^-x). tanh: x = (e^2x - 1) / (e^2x + 1).
func (e *emitter) sigmoid(ss []set) { e.squash(ss, nil) }
func (e *emitter) tanh(ss []set)    { e.squash(nil, ss) }

// squash is sigmoid of some chains and tanh of others, side by side.
func (e *emitter) squash(sigmoids, tanhs []set) {
	of(sigmoids, func(s set) { e.xor(s.x, s.x, K("sign")) })
	of(tanhs, func(s set) { e.add(s.x, s.x, s.x) })
	e.scaled(append(append([]set{}, sigmoids...), tanhs...))
	of(sigmoids, func(s set) { e.add(s.x, s.x, K("one")) })
	of(tanhs, func(s set) { e.sub(s.u, s.t, K("one")) })
	of(sigmoids, func(s set) { e.mul(s.x, s.x, s.t) })
	of(tanhs, func(s set) { e.fma(s.u, s.x, s.t) })
	of(sigmoids, func(s set) { e.add(s.x, s.x, K("one")) })
	of(tanhs, func(s set) { e.add(s.x, s.u, K("two")) })
	of(sigmoids, func(s set) { e.set(s.u, "one") })
	of(append(append([]set{}, sigmoids...), tanhs...), func(s set) { e.div(s.x, s.u, s.x) })
}

// map1 writes a kernel of one slice into another of the same length.
func (e *emitter) map1(name, doc string, body func([]set)) {
	e.function(name, doc, false, arg{"dst", "slice"}, arg{"src", "slice"})
	const n, dst, src, t gp = 0, 1, 2, 3
	e.param(n, "dst_len")
	e.param(dst, "dst_base")
	e.param(src, "src_base")
	e.eachWide(3, n, t, []gp{dst, src}, func(eights int) {
		ss := sets(eights)
		for i, s := range ss {
			e.load(s.x, at(src).plus(32*i))
		}
		body(ss)
		for i, s := range ss {
			e.store(s.x, at(dst).plus(32*i))
		}
	})
	e.ret()
}

func unary(e *emitter) {
	e.map1("exp", "sets dst to e^src.", e.exp)
	e.map1("sigmoid", "sets dst to 1/(1+e^-src).", e.sigmoid)
	e.map1("tanh", "sets dst to tanh src.", e.tanh)
	e.map1("relu", "sets dst to src where that is not negative, else to 0.", func(ss []set) {
		of(ss, func(s set) { e.atLeast(s.x, "zero") })
	})
}
