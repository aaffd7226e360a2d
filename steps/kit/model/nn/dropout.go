package nn

// A dropout layer sets a share of its inputs to 0 in training, and multiplies the
// others so that the mean stays (Srivastava et al. 2014). It works in place.
type dropout struct {
	weightless
	share float64
	id    uint64 // tells the dropout layers of a network apart
}

func (b *builder) dropout(n Network) layer {
	b.drops++
	return &dropout{share: n.Dropout, id: uint64(b.drops)}
}

func (d *dropout) op(int) op {
	return &dropoutOp{id: d.id, below: uint64(d.share * (1 << 16)), factor: float32(1 / (1 - d.share))}
}

type dropoutOp struct {
	id     uint64
	below  uint64 // a draw of 16 bits that is less drops the value
	factor float32
	keep   buffer // the factor of each value
}

func (o *dropoutOp) forward(c *call, x []float32, n int) []float32 {
	if !c.train || o.below == 0 {
		return x
	}
	keep := o.keep.get(len(x))
	per := len(x) / n
	for i := range n {
		o.draw(c.stream(o.id, c.first+i), keep[i*per:(i+1)*per])
	}
	multiply(x, keep)
	return x
}

// draw fills the factors of a window, four from each number that is drawn.
func (o *dropoutOp) draw(s stream, keep []float32) {
	for len(keep) > 0 {
		bits := s.next()
		for q := range min(4, len(keep)) {
			keep[q] = o.factor
			if bits>>(16*q)&0xffff < o.below {
				keep[q] = 0
			}
		}
		keep = keep[min(4, len(keep)):]
	}
}

func (o *dropoutOp) backward(c *call, dy []float32, _ int) []float32 {
	if o.below > 0 {
		multiply(dy, o.keep[:len(dy)])
	}
	return dy
}

// multiply sets x[i] = x[i]·y[i].
func multiply(x, y []float32) {
	y = y[:len(x)]
	for i := range x {
		x[i] *= y[i]
	}
}
