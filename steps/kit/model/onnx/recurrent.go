package onnx

// gru is one layer of gated recurrent units. PyTorch's gates are r, z, n; ONNX's are
// z, r, h. With linear_before_reset, r multiplies what the state gives to the new state
// after its bias, as PyTorch has it.
func (b *netGraph) gru(x string) string {
	order := []int{1, 0, 2}
	bias := append(b.gates("rnn.bias_ih_l0", order), b.gates("rnn.bias_hh_l0", order)...)
	return b.recurrent(x, "GRU", order, bias, intAttr("linear_before_reset", 1))
}

// lstm is one layer of long short-term memory. PyTorch's gates are i, f, g, o; ONNX's
// are i, o, f, c. It has one bias instead of two; the other is zeros here.
func (b *netGraph) lstm(x string) string {
	order := []int{0, 3, 1, 2}
	bias := append(b.gates("rnn.bias_ih_l0", order), make([]float32, len(order)*b.Hidden)...)
	return b.recurrent(x, "LSTM", order, bias)
}

// recurrent adds a recurrent layer; the head sees its last state and the mean of all.
func (b *netGraph) recurrent(x, op string, order []int, bias []float32, attrs ...attribute) string {
	rows := len(order) * b.Hidden
	inputs := []string{
		b.transpose(x, 1, 0, 2), // points × N × inputs
		b.floats("rnn.weight_ih_l0", []int{1, rows, b.Inputs}, b.gates("rnn.weight_ih_l0", order, b.Inputs)),
		b.floats("rnn.weight_hh_l0", []int{1, rows, b.Hidden}, b.gates("rnn.weight_hh_l0", order, b.Hidden)),
		b.floats("rnn.bias", []int{1, 2 * rows}, bias),
	}
	states, last := "states", "last" // points × 1 × N × hidden, and 1 × N × hidden
	b.add(op, inputs, []string{states, last}, append(attrs, intAttr("hidden_size", int64(b.Hidden)))...)
	mean := b.node("ReduceMean", []string{states}, intsAttr("axes", 0, 1), intAttr("keepdims", 0))
	end := b.node("Squeeze", []string{last, b.integers("first", 0)})
	return b.dense(b.node("Concat", []string{end, mean}, intAttr("axis", 1)), "head", 2*b.Hidden, b.Classes)
}

// gates returns a weight, a vector or a matrix of some columns, with the rows of its gates
// in another order: gate i of the result is gate order[i] of the checkpoint.
func (b *netGraph) gates(name string, order []int, columns ...int) []float32 {
	from := b.take(name, append([]int{len(order) * b.Hidden}, columns...)...)
	if len(from) == 0 {
		return nil // a mistake, which take has kept
	}
	size := len(from) / len(order)
	list := make([]float32, 0, len(from))
	for _, gate := range order {
		list = append(list, from[gate*size:(gate+1)*size]...)
	}
	return list
}
