package rocket

// A convolver computes what pairs make of a block of windows: inputs × points.
type convolver struct {
	*plan
	taken  [kernels][heavy]int
	line   []int64 // the sum of the channels of a pair, between zeros
	result []int64 // points
}

func newConvolver(p *plan) *convolver {
	widest := p.Dilations[len(p.Dilations)-1]
	return &convolver{plan: p, taken: triples(),
		line: make([]int64, p.Points+(taps-1)*widest), result: make([]int64, p.Points)}
}

// pair returns what a pair makes of a block, for every point of the windows. It is valid until the
// next call. What lies outside a window is 0, the mean.
func (c *convolver) pair(block []int64, i int) []int64 {
	d := c.Dilations[i/kernels]
	side := (taps - 1) / 2 * d
	line := c.line[:c.Points+2*side]
	clear(line[:side])
	clear(line[side+c.Points:])
	inner := line[side : side+c.Points]
	for k, channel := range c.Channels[i] {
		from := block[channel*c.Points:][:len(inner)]
		if k == 0 {
			copy(inner, from)
			continue
		}
		for t, v := range from {
			inner[t] += v
		}
	}
	c.weigh(line, d, c.taken[i%kernels])
	return c.result
}

// weigh computes a convolution: twice the heavy taps less the others, which is three times the
// heavy ones less all.
func (c *convolver) weigh(line []int64, d int, taken [heavy]int) {
	out := c.result
	n := len(out)
	var light [taps - heavy]int
	k := 0
	for tap := range taps {
		if tap != taken[0] && tap != taken[1] && tap != taken[2] {
			light[k] = tap * d
			k++
		}
	}
	x, y, z := line[taken[0]*d:][:n], line[taken[1]*d:][:n], line[taken[2]*d:][:n]
	p, q, r := line[light[0]:][:n], line[light[1]:][:n], line[light[2]:][:n]
	u, v, w := line[light[3]:][:n], line[light[4]:][:n], line[light[5]:][:n]
	for t := range out {
		out[t] = 2*(x[t]+y[t]+z[t]) - (p[t] + q[t] + r[t] + u[t] + v[t] + w[t])
	}
}

// counted returns the points of a pair that its features count: all, or, of every other kernel,
// those that need nothing from outside the window, if there are any.
func (p *plan) counted(i int) (from, to int) {
	dilation, kernel := i/kernels, i%kernels
	side := (taps - 1) / 2 * p.Dilations[dilation]
	if (dilation+kernel)%2 == 0 || p.Points <= 2*side {
		return 0, p.Points
	}
	return side, p.Points - side
}
