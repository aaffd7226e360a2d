package main

// columns writes the kernels that sum or change a matrix column by column. The
// rows of every matrix here follow each other without a gap.
func columns(e *emitter) {
	e.columnSums("colSums", "adds each column of x to its element of sums, from the first row to the last.", []string{"sums"}, nil,
		func(s []vec, x, _, _ vec) { e.add(s[0], s[0], x) })
	e.columnSums("colSquares", "adds (x-mean)² of each column to its element of sums, in the order of the rows.", []string{"sums"}, []string{"mean"},
		func(s []vec, x, mean, _ vec) {
			e.sub(x, x, mean)
			e.fma(s[0], x, x)
		})
	e.columnSums("colPairs", "adds dy to sums and dy·(x-mean) to dots, column by column in the order of the rows.", []string{"sums", "dots"}, []string{"mean"},
		func(s []vec, x, mean, dy vec) {
			e.add(s[0], s[0], dy)
			e.sub(x, x, mean)
			e.fma(s[1], dy, x)
		})
	e.rowMap("affine", "sets y to a·x + b, with one a and b per column.", []string{"y", "x", "a", "b"}, func(v []vec) vec {
		e.mulAdd(v[1], v[2], v[3])
		return v[1]
	})
	e.rowMap("affineReLU", "sets y to a·x + b where that is not negative, else to 0, with one a and b per column.",
		[]string{"y", "x", "a", "b"}, func(v []vec) vec {
			e.mulAdd(v[1], v[2], v[3])
			e.atLeast(v[1], "zero")
			return v[1]
		})
	e.rowMap("affineBack", "sets dx to a·dy + b·x + c, with one a, b and c per column.", []string{"dx", "dy", "x", "a", "b", "c"}, func(v []vec) vec {
		e.mulAdd(v[2], v[4], v[5])
		e.mulAdd(v[1], v[3], v[2])
		return v[1]
	})
}

// columnSums writes a kernel that walks down eight columns at a time. sums are
// what it adds to, perColumn what it reads beside x; a second sum means a second
// matrix dy.
func (e *emitter) columnSums(name, doc string, sums, perColumn []string, body func(s []vec, x, mean, dy vec)) {
	const n, px, pdy, step, rowsLeft, x, dy, t, first gp = 0, 1, 2, 3, 4, 5, 6, 7, 8
	var args []arg
	for _, s := range append(append([]string{}, sums...), perColumn...) {
		args = append(args, arg{s, "slice"})
	}
	args = append(args, arg{"x", "slice"})
	two := len(sums) == 2
	if two {
		args = append(args, arg{"dy", "slice"})
	}
	e.function(name, doc, false, append(args, arg{"rows", "int"})...)
	e.param(n, sums[0]+"_len")
	e.mov(step, n)
	e.times4(step)
	e.param(px, "x_base")
	pointers := []gp{px}
	if two {
		e.param(pdy, "dy_base")
		pointers = append(pointers, pdy)
	}
	for i, a := range args[:len(sums)+len(perColumn)] {
		e.param(first+gp(i), a.name+"_base")
		pointers = append(pointers, first+gp(i))
	}
	s := []vec{0, 1}[:len(sums)]
	e.each(n, t, pointers, func() {
		for i := range s {
			e.load(s[i], at(first+gp(i)))
		}
		if perColumn != nil {
			e.load(2, at(first+gp(len(s))))
		}
		e.mov(x, px)
		if two {
			e.mov(dy, pdy)
		}
		e.param(rowsLeft, "rows")
		e.rows(rowsLeft, func() {
			e.load(3, at(x))
			e.plus(x, step)
			if two {
				e.load(4, at(dy))
				e.plus(dy, step)
			}
			body(s, 3, 2, 4)
		})
		for i := range s {
			e.store(s[i], at(first+gp(i)))
		}
	})
	e.ret()
}

// rowMap writes a kernel of matrices (the first names) and of vectors of their
// columns (names of one letter a, b, c), row by row. body gets a vector for each
// name and returns the one to store in the first.
func (e *emitter) rowMap(name, doc string, names []string, body func(v []vec) vec) {
	const n, cols, rowsLeft, t, first gp = 0, 1, 2, 3, 4
	var args []arg
	for _, s := range names {
		args = append(args, arg{s, "slice"})
	}
	e.function(name, doc, false, append(args, arg{"rows", "int"})...)
	e.param(rowsLeft, "rows")
	e.param(cols, "a_len")
	perColumn := func(s string) bool { return s == "a" || s == "b" || s == "c" }
	var pointers []gp
	for i, s := range names {
		if !perColumn(s) {
			e.param(first+gp(i), s+"_base")
		}
		pointers = append(pointers, first+gp(i))
	}
	e.rows(rowsLeft, func() {
		for i, s := range names {
			if perColumn(s) {
				e.param(first+gp(i), s+"_base")
			}
		}
		e.mov(n, cols)
		e.each(n, t, pointers, func() {
			v := make([]vec, len(names))
			for i := range names {
				v[i] = vec(i)
				if i > 0 {
					e.load(v[i], at(first+gp(i)))
				}
			}
			e.store(body(v), at(first))
		})
	})
	e.ret()
}
