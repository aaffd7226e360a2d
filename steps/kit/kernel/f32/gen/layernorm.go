package main

// layerNorm writes layer normalization and its backward pass, on rows without
// gaps. share is 1/columns.
func layerNorm(e *emitter) {
	layerNormForward(e)
	layerNormBack(e)
}

func layerNormForward(e *emitter) {
	const n, cols, rowsLeft, x, xhat, y, istd, gamma, beta, p, t gp = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
	e.function("layerNorm", "normalizes each row of x.", false, arg{"y", "slice"}, arg{"xhat", "slice"}, arg{"istd", "slice"},
		arg{"x", "slice"}, arg{"gamma", "slice"}, arg{"beta", "slice"}, arg{"share", "float"}, arg{"eps", "float"})
	e.param(y, "y_base")
	e.param(xhat, "xhat_base")
	e.param(istd, "istd_base")
	e.param(rowsLeft, "istd_len")
	e.param(x, "x_base")
	e.param(cols, "gamma_len")
	const mean, dev, share, eps = vec(8), vec(9), vec(10), vec(11)
	e.argument(share, "share")
	e.argument(eps, "eps")
	e.rows(rowsLeft, func() {
		e.set(mean, "zero")
		e.mov(n, cols)
		e.mov(p, x)
		e.each(n, t, []gp{p}, func() {
			e.load(0, at(p))
			e.add(mean, mean, vec(0))
		})
		e.sumLanes(mean, 1)
		e.mul(mean, mean, share)
		e.set(dev, "zero")
		e.mov(n, cols)
		e.mov(p, x)
		e.each(n, t, []gp{p}, func() {
			e.load(0, at(p))
			e.sub(0, 0, mean)
			e.mask(0)
			e.fma(dev, 0, vec(0))
		})
		e.sumLanes(dev, 1)
		e.mulAdd(dev, share, eps)
		e.sqrt(dev, dev)
		e.set(1, "one")
		e.div(dev, 1, dev)
		e.storeFirst(dev, at(istd))
		e.inc(istd, 4)
		e.param(gamma, "gamma_base")
		e.param(beta, "beta_base")
		e.mov(n, cols)
		e.each(n, t, []gp{x, xhat, y, gamma, beta}, func() {
			e.load(0, at(x))
			e.sub(0, 0, mean)
			e.mul(0, 0, dev)
			e.store(0, at(xhat))
			e.load(1, at(gamma))
			e.load(2, at(beta))
			e.mulAdd(0, 1, vec(2))
			e.store(0, at(y))
		})
	})
	e.ret()
}

func layerNormBack(e *emitter) {
	const n, cols, rowsLeft, dx, dy, xhat, istd, gamma, dgamma, dbeta, t gp = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
	e.function("layerNormBack", "adds the gradient of layer normalization to dx, dgamma and dbeta.", false,
		arg{"dx", "slice"}, arg{"dgamma", "slice"}, arg{"dbeta", "slice"}, arg{"dy", "slice"}, arg{"xhat", "slice"},
		arg{"istd", "slice"}, arg{"gamma", "slice"}, arg{"share", "float"})
	e.param(dx, "dx_base")
	e.param(dy, "dy_base")
	e.param(xhat, "xhat_base")
	e.param(istd, "istd_base")
	e.param(rowsLeft, "istd_len")
	e.param(cols, "gamma_len")
	const s, st, share, inv = vec(8), vec(9), vec(10), vec(11)
	e.argument(share, "share")
	e.rows(rowsLeft, func() {
		e.set(s, "zero")
		e.set(st, "zero")
		e.param(gamma, "gamma_base")
		e.param(dgamma, "dgamma_base")
		e.param(dbeta, "dbeta_base")
		e.setParam("dy_base", dy)
		e.setParam("xhat_base", xhat)
		e.mov(n, cols)
		e.each(n, t, []gp{dy, xhat, gamma, dgamma, dbeta}, func() {
			e.layerNormSums(dy, xhat, gamma, dgamma, dbeta, s, st)
		})
		e.sumLanes(s, 1)
		e.mul(s, s, share)
		e.sumLanes(st, 1)
		e.mul(st, st, share)
		e.broadcast(inv, at(istd))
		e.inc(istd, 4)
		e.param(gamma, "gamma_base")
		e.param(dy, "dy_base")
		e.param(xhat, "xhat_base")
		e.mov(n, cols)
		e.each(n, t, []gp{dy, xhat, gamma, dx}, func() {
			e.load(0, at(dy))
			e.load(1, at(gamma))
			e.mul(0, 0, vec(1))
			e.sub(0, 0, s)
			e.load(1, at(xhat))
			e.fnma(0, 1, st)
			e.load(2, at(dx))
			e.fma(2, 0, inv)
			e.store(2, at(dx))
		})
	})
	e.ret()
}

// layerNormSums is the first pass of a row: the gradients of gamma and beta, and
// the sums s of gamma·dy and st of gamma·dy·xhat.
func (e *emitter) layerNormSums(dy, xhat, gamma, dgamma, dbeta gp, s, st vec) {
	e.load(0, at(dy))
	e.load(1, at(xhat))
	e.load(2, at(dgamma))
	e.fma(2, 0, vec(1))
	e.store(2, at(dgamma))
	e.load(2, at(dbeta))
	e.add(2, 2, vec(0))
	e.store(2, at(dbeta))
	e.load(2, at(gamma))
	e.mul(0, 0, vec(2))
	e.add(s, s, vec(0))
	e.fma(st, 0, vec(1))
}
