package f32

// LSTM makes one time step of rows cells of width cols, after the products. gates
// is rows × 4·cols, each row the gates i, f, g and o before their functions, in
// PyTorch's order; c0, c, tc and h are rows × cols. It sets
//
//	i, f, o = sigmoid, g = tanh, c = i·g + f·c0, tc = tanh c, h = o·tc
//
// (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000); the
// gates after their functions replace those before.
func LSTM(gates, c0, c, tc, h []float32, rows, cols int) {
	checkLSTM(gates, c0, tc, c, h, rows, cols)
	if rows > 0 && cols > 0 {
		active.lstm(gates, c0, c, tc, h, rows, cols)
	}
}

// LSTMBack is the backward pass of [LSTM]. gates, c0 and tc are as it left them, dh
// is the gradient of h and dc that of c, not counting what comes by way of h. The
// gradients of the gates before their functions replace gates, that of c0 replaces
// dc.
func LSTMBack(gates, c0, tc, dc, dh []float32, rows, cols int) {
	checkLSTM(gates, c0, tc, dc, dh, rows, cols)
	if rows > 0 && cols > 0 {
		active.lstmBack(gates, c0, tc, dc, dh, rows, cols)
	}
}

func checkLSTM(gates, c0, tc, c, h []float32, rows, cols int) {
	equal("the length of gates", len(gates), 4*rows*cols)
	equal("the length of c0", len(c0), rows*cols)
	equal("the length of tc", len(tc), rows*cols)
	equal("the length of c", len(c), rows*cols)
	equal("the length of h", len(h), rows*cols)
}

func plainLSTM(gates, c0, c, tc, h []float32, rows, cols int) {
	for k := range rows * cols {
		g := gates[k/cols*4*cols+k%cols:]
		i, f := sigmoid1(g[0]), sigmoid1(g[cols])
		u, o := tanh1(g[2*cols]), sigmoid1(g[3*cols])
		g[0], g[cols], g[2*cols], g[3*cols] = i, f, u, o
		c[k] = fma(f, c0[k], float32(i*u))
		tc[k] = tanh1(c[k])
		h[k] = float32(tc[k] * o)
	}
}

func plainLSTMBack(gates, c0, tc, dc, dh []float32, rows, cols int) {
	for k := range rows * cols {
		g := gates[k/cols*4*cols+k%cols:]
		i, f, u, o := g[0], g[cols], g[2*cols], g[3*cols]
		t, d := tc[k], dh[k]
		g[3*cols] = float32(float32(d*t) * slope(o))
		d = fma(float32(d*o), fma(-t, t, 1), dc[k])
		g[0] = float32(float32(d*u) * slope(i))
		g[2*cols] = float32(float32(d*i) * fma(-u, u, 1))
		g[cols] = float32(float32(d*c0[k]) * slope(f))
		dc[k] = float32(d * f)
	}
}

// slope returns s (1 - s), the derivative of a sigmoid with the value s.
func slope(s float32) float32 { return float32((1 - s) * s) }
