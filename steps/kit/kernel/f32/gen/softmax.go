package main

// softmax writes softmax of rows and its backward pass. stride is in numbers.
func softmax(e *emitter) {
	softmaxRows(e)
	softmaxBack(e)
}

func softmaxRows(e *emitter) {
	const n, cols, rowsLeft, step, row, p, t gp = 0, 1, 2, 3, 4, 5, 6
	e.function("softmaxRows", "replaces each row x by softmax(scale·x).", false,
		arg{"x", "slice"}, arg{"rows", "int"}, arg{"cols", "int"}, arg{"stride", "int"}, arg{"scale", "float"})
	e.param(row, "x_base")
	e.param(rowsLeft, "rows")
	e.param(cols, "cols")
	e.param(step, "stride")
	e.times4(step)
	const top, sum, scale, x = vec(10), vec(11), vec(12), vec(0)
	e.argument(scale, "scale")
	pass := func(body func()) {
		e.mov(n, cols)
		e.mov(p, row)
		e.each(n, t, []gp{p}, body)
	}
	e.rows(rowsLeft, func() {
		e.set(top, "minusInf")
		pass(func() {
			e.loadOr(x, at(p), "minusInf", 1)
			e.max(top, x)
		})
		e.maxLanes(top, 1)
		e.set(sum, "zero")
		e.mov(n, cols)
		e.mov(p, row)
		e.eachWide(2, n, t, []gp{p}, func(eights int) { e.softmaxTerms(eights, p, top, sum, scale) })
		e.sumLanes(sum, 1)
		e.set(1, "one")
		e.div(sum, 1, sum)
		pass(func() {
			e.load(x, at(p))
			e.mul(x, x, sum)
			e.store(x, at(p))
		})
		e.plus(row, step)
	})
	e.ret()
}

// softmaxTerms replaces each x by e^(scale·(x - top)) and adds it to sum.
func (e *emitter) softmaxTerms(eights int, p gp, top, sum, scale vec) {
	ss := sets(eights)
	before := func(s set) vec { return 8 + s.x/4 }
	for i, s := range ss {
		e.load(s.x, at(p).plus(32*i))
		e.sub(s.x, s.x, top)
		e.mul(s.x, s.x, scale)
		e.copy(before(s), s.x)
	}
	e.scaledExp(ss)
	for i, s := range ss {
		e.dropBelow(s.x, before(s), "flush", s.t)
		e.mask(s.x)
		e.add(sum, sum, s.x)
		e.store(s.x, at(p).plus(32*i))
	}
}

func softmaxBack(e *emitter) {
	const n, cols, rowsLeft, stepD, stepP, rowD, rowP, d, p, t gp = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
	e.function("softmaxBack", "replaces each row dp by scale·p·(dp - Σ p·dp).", false,
		arg{"dp", "slice"}, arg{"p", "slice"}, arg{"rows", "int"}, arg{"cols", "int"}, arg{"strideD", "int"}, arg{"strideP", "int"}, arg{"scale", "float"})
	e.param(rowD, "dp_base")
	e.param(rowP, "p_base")
	e.param(rowsLeft, "rows")
	e.param(cols, "cols")
	e.param(stepD, "strideD")
	e.times4(stepD)
	e.param(stepP, "strideP")
	e.times4(stepP)
	const sum, scale = vec(2), vec(3)
	e.argument(scale, "scale")
	pass := func(body func()) {
		e.mov(n, cols)
		e.mov(d, rowD)
		e.mov(p, rowP)
		e.each(n, t, []gp{d, p}, func() {
			e.load(0, at(d))
			e.load(1, at(p))
			body()
		})
	}
	e.rows(rowsLeft, func() {
		e.set(sum, "zero")
		pass(func() { e.fma(sum, 0, vec(1)) })
		e.sumLanes(sum, 4)
		pass(func() {
			e.sub(0, 0, sum)
			e.mul(0, 0, vec(1))
			e.mul(0, 0, scale)
			e.store(0, at(d))
		})
		e.plus(rowD, stepD)
		e.plus(rowP, stepP)
	})
	e.ret()
}
