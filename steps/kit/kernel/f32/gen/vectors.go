package main

// vectors writes the kernels of whole vectors.
func vectors(e *emitter) {
	const n, dst, src, third, t gp = 0, 1, 2, 3, 4

	e.function("add", "adds src to dst.", false, arg{"dst", "slice"}, arg{"src", "slice"})
	e.param(n, "dst_len")
	e.param(dst, "dst_base")
	e.param(src, "src_base")
	e.each(n, t, []gp{dst, src}, func() {
		e.load(0, at(dst))
		e.load(1, at(src))
		e.add(0, 0, vec(1))
		e.store(0, at(dst))
	})
	e.ret()

	e.function("axpy", "adds alpha src to dst.", false, arg{"dst", "slice"}, arg{"src", "slice"}, arg{"alpha", "float"})
	e.param(n, "dst_len")
	e.param(dst, "dst_base")
	e.param(src, "src_base")
	e.argument(2, "alpha")
	e.each(n, t, []gp{dst, src}, func() {
		e.load(0, at(dst))
		e.load(1, at(src))
		e.fma(0, 1, vec(2))
		e.store(0, at(dst))
	})
	e.ret()

	e.function("scale", "multiplies dst by alpha.", false, arg{"dst", "slice"}, arg{"alpha", "float"})
	e.param(n, "dst_len")
	e.param(dst, "dst_base")
	e.argument(2, "alpha")
	e.each(n, t, []gp{dst}, func() {
		e.load(0, at(dst))
		e.mul(0, 0, vec(2))
		e.store(0, at(dst))
	})
	e.ret()

	e.function("reluBack", "sets dx to dy where y > 0, else to 0.", false, arg{"dx", "slice"}, arg{"dy", "slice"}, arg{"y", "slice"})
	e.param(n, "dx_len")
	e.param(dst, "dx_base")
	e.param(src, "dy_base")
	e.param(third, "y_base")
	e.each(n, t, []gp{dst, src, third}, func() {
		e.load(0, at(src))
		e.load(1, at(third))
		e.keepAbove(0, 1, "zero", 2)
		e.store(0, at(dst))
	})
	e.ret()

	reductions(e)
	adamW(e)
}

func reductions(e *emitter) {
	const n, x, y, t gp = 0, 1, 2, 3

	e.function("sum", "returns the sum of x, in eight lanes.", true, arg{"x", "slice"})
	e.param(n, "x_len")
	e.param(x, "x_base")
	e.set(0, "zero")
	e.each(n, t, []gp{x}, func() {
		e.load(1, at(x))
		e.add(0, 0, vec(1))
	})
	e.sumLanes(0, 1)
	e.result(0)

	e.function("dot", "returns the inner product of x and y, in eight lanes.", true, arg{"x", "slice"}, arg{"y", "slice"})
	e.param(n, "x_len")
	e.param(x, "x_base")
	e.param(y, "y_base")
	e.set(0, "zero")
	e.each(n, t, []gp{x, y}, func() {
		e.load(1, at(x))
		e.load(2, at(y))
		e.fma(0, 1, vec(2))
	})
	e.sumLanes(0, 1)
	e.result(0)
}

// adamW writes the optimiser's step.
func adamW(e *emitter) {
	const n, w, m, v, g, t gp = 0, 1, 2, 3, 4, 5
	scalars := []string{"clip", "beta1", "rest1", "beta2", "rest2", "correct2", "epsilon", "minusStep", "decay"}
	args := []arg{{"w", "slice"}, {"m", "slice"}, {"v", "slice"}, {"g", "slice"}}
	for _, s := range scalars {
		args = append(args, arg{s, "float"})
	}
	e.function("adamW", "makes one step of AdamW.", false, args...)
	e.param(n, "w_len")
	e.param(w, "w_base")
	e.param(m, "m_base")
	e.param(v, "v_base")
	e.param(g, "g_base")
	reg := map[string]vec{}
	for i, s := range scalars {
		reg[s] = vec(5 + i)
		e.argument(reg[s], s)
	}
	e.each(n, t, []gp{w, m, v, g}, func() {
		e.load(0, at(g))
		e.mul(0, 0, reg["clip"])
		e.load(1, at(m))
		e.mul(2, 0, reg["rest1"])
		e.fma(2, 1, reg["beta1"])
		e.store(2, at(m))
		e.mul(0, 0, vec(0))
		e.mul(0, 0, reg["rest2"])
		e.load(1, at(v))
		e.fma(0, 1, reg["beta2"])
		e.store(0, at(v))
		e.sqrt(0, 0)
		e.mulAdd(0, reg["correct2"], reg["epsilon"])
		e.div(0, 2, vec(0))
		e.load(1, at(w))
		e.mul(1, 1, reg["decay"])
		e.fma(1, 0, reg["minusStep"])
		e.store(1, at(w))
	})
	e.ret()
}
