package nn

import (
	"math"
)

// The oracle computes the five networks in float64 with plain loops, from the
// weights by their names and PyTorch's shapes. It shares nothing with the layers.

type oracle struct {
	n Network
	w map[string][]float64
}

func newOracle(net *Net) *oracle {
	o := &oracle{net.Network, map[string][]float64{}}
	for _, w := range net.saved() {
		for _, x := range w.tensor() {
			o.w[w.name] = append(o.w[w.name], float64(x))
		}
	}
	return o
}

type rows [][]float64

// linear is x·Wᵀ + b.
func (o *oracle) linear(x rows, w, b []float64) rows {
	y := make(rows, len(x))
	in := len(x[0])
	for r := range x {
		for c := range len(w) / in {
			s := 0.0
			if b != nil {
				s = b[c]
			}
			for k, v := range x[r] {
				s += v * w[c*in+k]
			}
			y[r] = append(y[r], s)
		}
	}
	return y
}

func (o *oracle) dense(x rows, name string) rows {
	return o.linear(x, o.w[name+".weight"], o.w[name+".bias"])
}

func relu64(x rows) rows { return apply(x, func(v float64) float64 { return max(v, 0) }) }

func apply(x rows, f func(float64) float64) rows {
	y := make(rows, len(x))
	for i := range x {
		for _, v := range x[i] {
			y[i] = append(y[i], f(v))
		}
	}
	return y
}

// logits returns those of windows of points.
func (o *oracle) logits(x []rows, train bool) rows {
	switch o.n.Family {
	case CNN:
		return o.cnn(x, train)
	case Transformer:
		return o.each(x, o.transformer)
	case GRU:
		return o.each(x, o.gru)
	case LSTM:
		return o.each(x, o.lstm)
	}
	return o.each(x, func(x rows) []float64 {
		return o.dense(relu64(o.dense(relu64(o.dense(x, "dense.0")), "dense.1")), "head")[0]
	})
}

func (o *oracle) each(x []rows, f func(rows) []float64) rows {
	var z rows
	for _, w := range x {
		z = append(z, f(w))
	}
	return z
}

func (o *oracle) cnn(x []rows, train bool) rows {
	for i := range 3 {
		name := string(rune('0' + i))
		for w := range x {
			x[w] = o.conv(x[w], o.w["conv."+name+".weight"], 1<<i)
		}
		x = o.norm(x, "norm."+name, train)
	}
	var pooled rows
	for _, w := range x {
		top := append([]float64(nil), w[0]...)
		for _, p := range w {
			for j, v := range p {
				top[j] = max(top[j], v)
			}
		}
		pooled = append(pooled, append(mean64(w), top...))
	}
	return o.dense(pooled, "head")
}

func mean64(x rows) []float64 {
	m := make([]float64, len(x[0]))
	for _, p := range x {
		for j, v := range p {
			m[j] += v / float64(len(x))
		}
	}
	return m
}

func (o *oracle) conv(x rows, w []float64, dilation int) rows {
	in := len(x[0])
	out := len(w) / in / 5
	y := make(rows, len(x))
	for t := range x {
		y[t] = make([]float64, out)
		for k := range 5 {
			from := t + (k-2)*dilation
			if from < 0 || from >= len(x) {
				continue
			}
			for c := range out {
				for i, v := range x[from] {
					y[t][c] += v * w[(c*in+i)*5+k]
				}
			}
		}
	}
	return y
}

// norm is batch normalization and the cut of what is negative.
func (o *oracle) norm(x []rows, name string, train bool) []rows {
	cols := len(x[0][0])
	mean, variance := o.w[name+".running_mean"], o.w[name+".running_var"]
	if train {
		mean, variance = make([]float64, cols), make([]float64, cols)
		n := float64(len(x) * len(x[0]))
		for _, w := range x {
			for _, p := range w {
				for j, v := range p {
					mean[j] += v / n
				}
			}
		}
		for _, w := range x {
			for _, p := range w {
				for j, v := range p {
					variance[j] += (v - mean[j]) * (v - mean[j]) / n
				}
			}
		}
	}
	y := make([]rows, len(x))
	for i, w := range x {
		for _, p := range w {
			q := make([]float64, cols)
			for j, v := range p {
				q[j] = max(0, (v-mean[j])/math.Sqrt(variance[j]+1e-5)*o.w[name+".weight"][j]+o.w[name+".bias"][j])
			}
			y[i] = append(y[i], q)
		}
	}
	return y
}

func sigmoid64(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func (o *oracle) gru(x rows) []float64 {
	h := o.n.Hidden
	gx := o.linear(x, o.w["rnn.weight_ih_l0"], o.w["rnn.bias_ih_l0"])
	state := make([]float64, h)
	var states rows
	for t := range x {
		gh := o.linear(rows{state}, o.w["rnn.weight_hh_l0"], o.w["rnn.bias_hh_l0"])[0]
		next := make([]float64, h)
		for j := range h {
			r, z := sigmoid64(gx[t][j]+gh[j]), sigmoid64(gx[t][h+j]+gh[h+j])
			n := math.Tanh(gx[t][2*h+j] + r*gh[2*h+j])
			next[j] = (1-z)*n + z*state[j]
		}
		state = next
		states = append(states, state)
	}
	return o.dense(rows{append(append([]float64(nil), state...), mean64(states)...)}, "head")[0]
}

func (o *oracle) lstm(x rows) []float64 {
	h := o.n.Hidden
	gx := o.linear(x, o.w["rnn.weight_ih_l0"], o.w["rnn.bias_ih_l0"])
	state, cell := make([]float64, h), make([]float64, h)
	var states rows
	for t := range x {
		g := o.linear(rows{state}, o.w["rnn.weight_hh_l0"], gx[t])[0]
		next := make([]float64, h)
		for j := range h {
			cell[j] = sigmoid64(g[h+j])*cell[j] + sigmoid64(g[j])*math.Tanh(g[2*h+j])
			next[j] = sigmoid64(g[3*h+j]) * math.Tanh(cell[j])
		}
		state = next
		states = append(states, state)
	}
	return o.dense(rows{append(append([]float64(nil), state...), mean64(states)...)}, "head")[0]
}

func (o *oracle) layerNorm(x rows, name string) rows {
	y := make(rows, len(x))
	for i, p := range x {
		m, v := 0.0, 0.0
		for _, a := range p {
			m += a / float64(len(p))
		}
		for _, a := range p {
			v += (a - m) * (a - m) / float64(len(p))
		}
		for j, a := range p {
			y[i] = append(y[i], (a-m)/math.Sqrt(v+1e-5)*o.w[name+".weight"][j]+o.w[name+".bias"][j])
		}
	}
	return y
}

func add64(x, y rows) rows {
	z := make(rows, len(x))
	for i := range x {
		for j := range x[i] {
			z[i] = append(z[i], x[i][j]+y[i][j])
		}
	}
	return z
}

func (o *oracle) transformer(x rows) []float64 {
	d := o.n.Hidden
	y := o.dense(x, "embed")
	for t := range y {
		for j := range y[t] {
			y[t][j] += o.w["position"][t*d+j]
		}
	}
	for _, name := range []string{"layers.0.", "layers.1."} {
		in := o.linear(o.layerNorm(y, name+"norm1"), o.w[name+"self_attn.in_proj_weight"], o.w[name+"self_attn.in_proj_bias"])
		y = add64(y, o.dense(o.attention(in), name+"self_attn.out_proj"))
		y = add64(y, o.dense(relu64(o.dense(o.layerNorm(y, name+"norm2"), name+"linear1")), name+"linear2"))
	}
	return o.dense(rows{mean64(o.layerNorm(y, "norm"))}, "head")[0]
}

func (o *oracle) attention(x rows) rows {
	d := o.n.Hidden
	y := make(rows, len(x))
	for t := range x {
		y[t] = make([]float64, d)
		for h := 0; h < d; h += 16 {
			looks := make([]float64, len(x))
			sum := 0.0
			for s := range x {
				for j := h; j < h+16; j++ {
					looks[s] += x[t][j] * x[s][d+j] / 4
				}
				looks[s] = math.Exp(looks[s])
				sum += looks[s]
			}
			for s := range x {
				for j := h; j < h+16; j++ {
					y[t][j] += looks[s] / sum * x[s][2*d+j]
				}
			}
		}
	}
	return y
}

// loss is the loss of a batch.
func (o *oracle) loss(x []rows, y []int32, l Loss) float64 {
	sum := 0.0
	for i, z := range o.logits(append([]rows(nil), x...), true) {
		log := 0.0
		for _, v := range z {
			log += math.Exp(v)
		}
		log = math.Log(log)
		for k, v := range z {
			share := l.Smoothing / float64(len(z))
			if k == int(y[i]) {
				share += 1 - l.Smoothing
			}
			sum += l.Weights[y[i]] * share * (log - v) / float64(len(y))
		}
	}
	return sum
}
