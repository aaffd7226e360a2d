package nn

// A layer is one function of a network, with its weights. It makes the ops that
// compute it.
type layer interface {
	// parts returns the weights, in the order of the checkpoint.
	parts() []*weight

	// pack makes ready the weights for the products of one step. back says that
	// the backward pass will come.
	pack(back bool)

	// op returns what computes the layer for at most n windows at once.
	op(n int) op
}

// An op computes a layer for one piece of a batch. It owns the memory of what it
// returns, and of what its backward pass needs. Both passes may write over what
// they are given where a layer says so.
type op interface {
	// forward returns the outputs for n windows with inputs x.
	forward(c *call, x []float32, n int) []float32

	// backward follows forward. It adds the gradients of the weights to c's, and
	// returns those of the inputs for those of the outputs, dy; nil where no layer
	// below needs them.
	backward(c *call, dy []float32, n int) []float32
}

// A call is what an op knows of the batch that its piece is of.
type call struct {
	train bool
	grads []float32 // of all weights, of one shard
	chance
	first int // the piece's first window, within the batch
}

// grad returns the gradient of a weight.
func (c *call) grad(w *weight) []float32 { return c.grads[w.at : w.at+len(w.data)] }

// weightless is embedded by layers that have no weights.
type weightless struct{}

func (weightless) parts() []*weight { return nil }
func (weightless) pack(bool)        {}
