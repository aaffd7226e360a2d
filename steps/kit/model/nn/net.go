package nn

// A Net is a network with weights. [New] makes one to be trained.
type Net struct {
	Network
	arch arch

	layers  []layer
	joints  []*batchNorm // between spans of layers
	spans   [][]layer    // the first of each but the first span is a joint
	weights []*weight
	all     []float32 // of all weights
	decays  int       // how many of these weight decay shrinks; they come first
}

// New returns a network whose weights are drawn from the seed. The network must
// have passed its Check.
func New(n Network, seed uint64) *Net {
	net := &Net{Network: n, arch: families()[n.Family]}
	b := &builder{seed: seed}
	net.layers = net.arch.layers(b, n)
	net.weights = b.weights
	net.all, net.decays = flatten(net.weights)
	span := []layer{}
	for _, l := range net.layers {
		if j, ok := l.(*batchNorm); ok {
			net.joints = append(net.joints, j)
			net.spans, span = append(net.spans, span), nil
		}
		span = append(span, l)
	}
	net.spans = append(net.spans, span)
	return net
}

// saved returns everything that a checkpoint has: the weights and the running
// statistics, in the order of the layers.
func (n *Net) saved() []*weight {
	var list []*weight
	for _, l := range n.layers {
		list = append(list, l.parts()...)
		if j, ok := l.(*batchNorm); ok {
			list = append(list, j.running()...)
		}
	}
	return list
}

// state returns a copy of everything that a checkpoint has, as it lies in memory.
func (n *Net) state() [][]float32 {
	var copies [][]float32
	for _, w := range n.saved() {
		copies = append(copies, append([]float32(nil), w.data...))
	}
	return copies
}

// restore takes a state back.
func (n *Net) restore(state [][]float32) {
	for i, w := range n.saved() {
		copy(w.data, state[i])
	}
}

// width returns how many numbers a window has.
func (n Network) width() int { return n.Points * n.Inputs }

// logits returns how many columns the network's outputs have, with those of zeros.
func (n Network) logits() int { return padded(n.Classes) }

// A pass is the ops of a network for one piece of a batch.
type pass struct {
	spans  [][]op
	call   call
	n      int       // windows
	width  int       // numbers of one
	input  []float32 // as the layers want it
	window buffer    // on its way into the input
	value  []float32 // what went through the layers so far, or its gradient on the way back
}

// newPass returns a pass for at most n windows.
func (n *Net) newPass(windows int) *pass {
	p := &pass{width: n.width(), input: make([]float32, windows*n.width()), window: make([]float32, n.width())}
	for _, span := range n.spans {
		ops := make([]op, len(span))
		for i, l := range span {
			ops[i] = l.op(windows)
		}
		p.spans = append(p.spans, ops)
	}
	return p
}

// forward takes the piece through a span.
func (p *pass) forward(span int) {
	if span == 0 {
		p.value = p.input[:p.n*p.width]
	}
	for _, o := range p.spans[span] {
		p.value = o.forward(&p.call, p.value, p.n)
	}
}

// backward takes the gradient through a span, down to its joint or its first layer.
func (p *pass) backward(span int) {
	ops := p.spans[span]
	last := 0
	if span > 0 {
		last = 1
	}
	for i := len(ops) - 1; i >= last; i-- {
		p.value = ops[i].backward(&p.call, p.value, p.n)
	}
}

// joint returns the op of the joint that a span begins with.
func (p *pass) joint(span int) *batchNormOp { return p.spans[span][0].(*batchNormOp) }
