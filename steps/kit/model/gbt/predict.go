package gbt

import (
	"sync"

	"assay/steps/kit/kernel"
)

const (
	stackClasses = 16 // classes up to which a prediction of few rows needs no memory
	blockRows    = 64 // rows whose keys lie in the processor's cache together
	fewRows      = 8  // rows up to which making keys costs more than it gains
)

// Predict implements [model.Model] for N×F features x. The probabilities are the
// softmax of the margins, computed in float64 and then rounded. Several goroutines may call it
// at once.
func (m *Model) Predict(p, x []float32) {
	f, k := len(m.Features), len(m.Classes)
	if len(x) <= fewRows*f {
		m.predictFew(p, x)
		return
	}
	m.once.Do(func() { m.flat = newForest(m.Trees, f) })
	b, _ := m.blocks.Get().(*block)
	if b == nil {
		b = newBlock(f, k)
	}
	for i := 0; i < len(x); i += blockRows * f {
		rows := min(len(x)-i, blockRows*f) / f
		b.margins(m, x[i:i+rows*f])
		for r := range rows {
			kernel.Softmax(b.softmax, b.sums[r*k:(r+1)*k])
			b.say(p[(i/f+r)*k:])
		}
	}
	m.blocks.Put(b)
}

// predictFew is [Model.Predict], row by row and tree by tree.
func (m *Model) predictFew(p, x []float32) {
	f, k := len(m.Features), len(m.Classes)
	var marginsOf [stackClasses]float32
	var softmaxOf [stackClasses]float64
	margins, softmax := marginsOf[:], softmaxOf[:]
	if k > stackClasses {
		margins, softmax = make([]float32, k), make([]float64, k)
	}
	margins, softmax = margins[:k], softmax[:k]
	for i := range len(x) / f {
		m.Margins(x[i*f:(i+1)*f], margins)
		kernel.Softmax(softmax, margins)
		for c, v := range softmax {
			p[i*k+c] = float32(v)
		}
	}
}

// A compiled holds what [Model.Predict] makes of the trees when it is first called.
type compiled struct {
	once   sync.Once
	flat   *forest
	blocks sync.Pool // of *block
}

// A block is the memory for blockRows rows.
type block struct {
	columns int
	keys    []uint32  // F × rows, then each one more
	sums    []float32 // rows × K: margins
	softmax []float64 // K
}

func newBlock(f, k int) *block {
	return &block{columns: f, keys: make([]uint32, 2*blockRows*f), sums: make([]float32, blockRows*k),
		softmax: make([]float64, k)}
}

// margins sets the sums of the rows in x, of which there are at most blockRows. The leaves are
// added in the order of [Model.Margins]. Rows beyond those in x are walked, too, and mean
// nothing.
func (b *block) margins(m *Model, x []float32) {
	k, f := len(m.Classes), b.columns
	rows := len(x) / f
	for r := range rows {
		for c, v := range x[r*f : (r+1)*f] {
			k := key(v)
			b.keys[c*blockRows+r], b.keys[(f+c)*blockRows+r] = k, k+1
		}
	}
	for r := range rows {
		copy(b.sums[r*k:(r+1)*k], m.Start)
	}
	nodes := m.flat.nodes
	for t := range m.flat.roots {
		class := t % k
		for r := 0; r < rows; r += 4 {
			i0, i1, i2, i3 := m.flat.leaves(t, b.keys, uint32(r))
			at := r*k + class
			b.sums[at] += nodes[i0].value
			b.sums[at+k] += nodes[i1].value
			b.sums[at+2*k] += nodes[i2].value
			b.sums[at+3*k] += nodes[i3].value
		}
	}
}

// say rounds the softmax.
func (b *block) say(p []float32) {
	for c, v := range b.softmax {
		p[c] = float32(v)
	}
}
