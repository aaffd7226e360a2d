package f32

// GRU makes one time step of rows cells of width cols, after the products. gx and
// gh are rows × 3·cols, each row what comes from the input and from the state for
// the gates r, z and n, in PyTorch's order; h0 and h are rows × cols. It sets
//
//	r, z = sigmoid(gx + gh), n = tanh(gx + r·gh), h = n + z·(h0 - n)
//
// (Cho et al. 2014, with the reset gate behind the product, as in cuDNN); the gates
// after their functions replace gx.
func GRU(gx, gh, h0, h []float32, rows, cols int) {
	checkGRU(gx, gh, h0, h, rows, cols)
	if rows > 0 && cols > 0 {
		active.gru(gx, gh, h0, h, rows, cols)
	}
}

// GRUBack is the backward pass of [GRU]. gx, gh and h0 are as it left them, dh is
// the gradient of h. The gradients of gx and gh replace them; dh becomes the part of
// h0's gradient that does not come by way of gh.
func GRUBack(gx, gh, h0, dh []float32, rows, cols int) {
	checkGRU(gx, gh, h0, dh, rows, cols)
	if rows > 0 && cols > 0 {
		active.gruBack(gx, gh, h0, dh, rows, cols)
	}
}

func checkGRU(gx, gh, h0, h []float32, rows, cols int) {
	equal("the length of gx", len(gx), 3*rows*cols)
	equal("the length of gh", len(gh), 3*rows*cols)
	equal("the length of h0", len(h0), rows*cols)
	equal("the length of h", len(h), rows*cols)
}

func plainGRU(gx, gh, h0, h []float32, rows, cols int) {
	for k := range rows * cols {
		from := k/cols*3*cols + k%cols
		x, s := gx[from:], gh[from:]
		r, z := sigmoid1(x[0]+s[0]), sigmoid1(x[cols]+s[cols])
		n := tanh1(fma(r, s[2*cols], x[2*cols]))
		x[0], x[cols], x[2*cols] = r, z, n
		h[k] = fma(z, h0[k]-n, n)
	}
}

func plainGRUBack(gx, gh, h0, dh []float32, rows, cols int) {
	for k := range rows * cols {
		from := k/cols*3*cols + k%cols
		x, s := gx[from:], gh[from:]
		r, z, n, d := x[0], x[cols], x[2*cols], dh[k]
		dz := float32(float32((h0[k]-n)*d) * slope(z))
		dn := float32(float32((1-z)*d) * fma(-n, n, 1))
		dr := float32(float32(s[2*cols]*dn) * slope(r))
		x[0], x[cols], x[2*cols] = dr, dz, dn
		s[0], s[cols], s[2*cols] = dr, dz, float32(dn*r)
		dh[k] = float32(d * z)
	}
}
