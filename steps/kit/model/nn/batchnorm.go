package nn

import (
	"math"

	"assay/steps/kit/kernel/f32"
)

const (
	normEps      = 1e-5 // keeps a deviation from 0, in all three kinds of norms
	normMomentum = 0.1  // how much of the running statistics each batch replaces
)

// A batchNorm normalizes each column over all points of all windows of a batch
// (Ioffe and Szegedy 2015) and cuts what is negative. Outside of training it uses
// running statistics.
//
// It is a joint: no piece can go on before the statistics of all are there. The
// network has the shards add up theirs, and settles them shard by shard.
type batchNorm struct {
	cols           int
	gamma, beta    *weight
	mean, variance *weight // running; not trained

	batch, istd []float32 // of the batch under way
	a, b        []float32 // y = max(a·x + b, 0)
	da, db, dc  []float32 // dx = da·dy + db·x + dc
	sums, dots  []float32
}

func (b *builder) batchNorm(name string, cols int) *batchNorm {
	v := &batchNorm{cols: cols,
		gamma: b.constant(name+".weight", cols, 1), beta: b.constant(name+".bias", cols, 0)}
	v.mean = running(name+".running_mean", cols, 0)
	v.variance = running(name+".running_var", cols, 1)
	for _, s := range []*[]float32{&v.batch, &v.istd, &v.a, &v.b, &v.da, &v.db, &v.dc, &v.sums, &v.dots} {
		*s = make([]float32, cols)
	}
	return v
}

// running makes statistics that are saved and not trained.
func running(name string, n int, value float32) *weight {
	w := &weight{name: name, shape: []int{n}, rows: 1, cols: n, step: padded(n), taps: 1}
	w.data = make([]float32, w.step)
	for i := range n {
		w.data[i] = value
	}
	return w
}

func (v *batchNorm) parts() []*weight   { return []*weight{v.gamma, v.beta} }
func (v *batchNorm) running() []*weight { return []*weight{v.mean, v.variance} }

// pack makes the factors of the running statistics. Training replaces them.
func (v *batchNorm) pack(back bool) {
	if !back {
		for j := range v.cols {
			v.istd[j] = inverse(v.variance.data[j])
		}
		v.factors(v.mean.data)
	}
}

// inverse returns 1/√(variance + ε).
func inverse(variance float32) float32 { return float32(1 / math.Sqrt(float64(variance)+normEps)) }

// factors sets a and b for some means, and for the deviations in istd.
func (v *batchNorm) factors(mean []float32) {
	for j := range v.cols {
		v.a[j] = v.gamma.data[j] * v.istd[j]
		v.b[j] = v.beta.data[j] - float32(mean[j]*v.a[j])
	}
}

// A tally is what a shard adds up for a joint.
type tally struct{ sums, dots []float32 }

func (t *tally) clear(cols int) {
	if len(t.sums) < cols {
		t.sums, t.dots = make([]float32, cols), make([]float32, cols)
	}
	clear(t.sums)
	clear(t.dots)
}

// total adds up the tallies of the shards in their order.
func (v *batchNorm) total(shards []*shard) {
	clear(v.sums)
	clear(v.dots)
	for _, s := range shards {
		f32.Add(v.sums, s.tally.sums[:v.cols])
		f32.Add(v.dots, s.tally.dots[:v.cols])
	}
}

// settleMean makes the means of the batch, which has so many rows.
func (v *batchNorm) settleMean(shards []*shard, rows int) {
	v.total(shards)
	for j, s := range v.sums {
		v.batch[j] = s / float32(rows)
	}
}

// settleVariance makes the variances, and moves the running statistics.
func (v *batchNorm) settleVariance(shards []*shard, rows int) {
	v.total(shards)
	for j, s := range v.sums {
		variance := s / float32(rows)
		v.istd[j] = inverse(variance)
		unbiased := s / float32(max(1, rows-1)) // as PyTorch keeps it
		v.mean.data[j] += float32(normMomentum * (v.batch[j] - v.mean.data[j]))
		v.variance.data[j] += float32(normMomentum * (unbiased - v.variance.data[j]))
	}
	v.factors(v.batch)
}

// settleBack makes the gradients of gamma and beta, and the factors of that of x.
func (v *batchNorm) settleBack(shards []*shard, rows int, grads []float32) {
	v.total(shards)
	share := 1 / float32(rows)
	dgamma, dbeta := grads[v.gamma.at:], grads[v.beta.at:]
	for j := range v.cols {
		slope := v.dots[j] * v.istd[j]
		dgamma[j], dbeta[j] = slope, v.sums[j]
		v.da[j] = v.a[j]
		v.db[j] = -float32(float32(v.a[j]*v.istd[j])*slope) * share
		v.dc[j] = -float32(float32(v.a[j]*v.sums[j])*share) - float32(v.db[j]*v.batch[j])
	}
}

func (v *batchNorm) op(int) op { return &batchNormOp{batchNorm: v} }

type batchNormOp struct {
	*batchNorm
	x     []float32
	y, dx buffer
}

// sum adds a piece's columns to its shard's tally.
func (o *batchNormOp) sum(t *tally, x []float32) { f32.ColSums(t.sums[:o.cols], x) }

// squares adds the squares of a piece's deviations.
func (o *batchNormOp) squares(t *tally, x []float32) { f32.ColSquares(t.sums[:o.cols], o.batch, x) }

func (o *batchNormOp) forward(_ *call, x []float32, _ int) []float32 {
	o.x = x
	y := o.y.get(len(x))
	f32.AffineReLU(y, x, o.a, o.b)
	return y
}

// pairs takes the gradient of the outputs through the cut, in place, and adds its
// columns to the tally.
func (o *batchNormOp) pairs(t *tally, dy []float32) {
	f32.ReLUBack(dy, dy, o.y[:len(dy)])
	f32.ColPairs(t.sums[:o.cols], t.dots[:o.cols], o.batch, o.x, dy)
}

// backward follows pairs, and the settling of what it added up.
func (o *batchNormOp) backward(_ *call, dy []float32, _ int) []float32 {
	dx := o.dx.get(len(dy))
	f32.AffineBack(dx, dy, o.x, o.da, o.db, o.dc)
	return dx
}
