package main

// Functions of each element: dst[i] = f(src[i]). All share one core of exp.

// expm1 leaves q = e^r - 1 in x and the bits of t, where x = n ln 2 + r and the
// bits of t end in n. p and u are free for its use.
func (e *emitter) expm1(x, t, p, u vec) {
	e.set(t, "magic")
	e.fma(t, x, K("log2e"))
	e.sub(u, t, K("magic"))
	e.fnma(x, u, K("ln2hi"))
	e.fnma(x, u, K("ln2lo"))
	e.set(p, "p0")
	for _, k := range []K{"p1", "p2", "p3", "p4", "p5"} {
		e.mulAdd(p, x, k)
	}
	e.mul(u, x, x)
	e.fma(x, p, u)
}

// scaled is expm1 followed by t = 2^n, for |n| ≤ 126.
func (e *emitter) scaled(x, t, p, u vec) {
	e.expm1(x, t, p, u)
	e.shiftLeft(t, t, 23)
	e.addBits(t, t, K("one"))
}

// exp: x = e^x over the whole range. The power of two comes in two factors, so
// that the result may be subnormal or overflow.
func (e *emitter) exp(x, t, p, u vec) {
	e.atMost(x, "expHigh")
	e.atLeast(x, "expLow")
	e.expm1(x, t, p, u)
	e.subBits(t, t, K("magic"))
	e.shiftRight(p, t, 1)
	e.subBits(t, t, p)
	e.add(x, x, K("one"))
	for _, half := range []vec{p, t} {
		e.shiftLeft(half, half, 23)
		e.addBits(half, half, K("one"))
		e.mul(x, x, half)
	}
}

// sigmoid: x = 1 / (1 + e^-x).
func (e *emitter) sigmoid(x, t, p, u vec) {
	e.xor(x, x, K("sign"))
	e.atMost(x, "unflush")
	e.atLeast(x, "flush")
	e.scaled(x, t, p, u)
	e.add(x, x, K("one"))
	e.mul(x, x, t)
	e.add(x, x, K("one"))
	e.set(t, "one")
	e.div(x, t, x)
}

// tanh: x = tanh x = -(e^-2|x| - 1) / (e^-2|x| + 1) with the sign of x, in s.
func (e *emitter) tanh(x, t, p, u, s vec) {
	e.and(s, x, K("sign"))
	e.and(x, x, K("magnitude"))
	e.mul(x, x, K("minusTwo"))
	e.atLeast(x, "minusForty")
	e.scaled(x, t, p, u)
	e.sub(u, t, K("one"))
	e.fma(u, x, t)
	e.add(x, u, K("two"))
	e.div(x, u, x)
	e.and(x, x, K("magnitude"))
	e.or(x, x, s)
}

// map1 writes a kernel of one slice into another of the same length.
func (e *emitter) map1(name, doc string, body func(x vec)) {
	e.function(name, doc, false, arg{"dst", "slice"}, arg{"src", "slice"})
	const n, dst, src, t gp = 0, 1, 2, 3
	e.param(n, "dst_len")
	e.param(dst, "dst_base")
	e.param(src, "src_base")
	e.each(n, t, []gp{dst, src}, func() {
		e.load(0, at(src))
		body(0)
		e.store(0, at(dst))
	})
	e.ret()
}

func unary(e *emitter) {
	e.map1("exp", "sets dst to e^src.", func(x vec) { e.exp(x, 1, 2, 3) })
	e.map1("sigmoid", "sets dst to 1/(1+e^-src).", func(x vec) { e.sigmoid(x, 1, 2, 3) })
	e.map1("tanh", "sets dst to tanh src.", func(x vec) { e.tanh(x, 1, 2, 3, 4) })
	e.map1("relu", "sets dst to src where that is not negative, else to 0.", func(x vec) { e.atLeast(x, "zero") })
}
