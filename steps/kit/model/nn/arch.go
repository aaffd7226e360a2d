package nn

import "fmt"

// An arch is how a family is built, and how its batches are cut. Shards and pieces
// show in the bits, so they depend on nothing but the family.
type arch struct {
	layers    func(b *builder, n Network) []layer
	timeMajor bool // a piece lies as points × windows instead of windows × points
	shards    int  // of a full batch; what several workers share out
	piece     int  // windows that go through a span of layers together; 0 is the whole shard
}

// families returns how each family is built. More shards would give more workers
// something to do, but the mlp's gradients are as large as its work.
func families() map[string]arch {
	return map[string]arch{
		MLP:         {layers: mlp, shards: 2},
		CNN:         {layers: cnn, shards: 8, piece: 4},
		GRU:         {layers: gru, shards: 8, timeMajor: true},
		LSTM:        {layers: lstm, shards: 8, timeMajor: true},
		Transformer: {layers: transformer, shards: 8, piece: 1},
	}
}

// mlp is two hidden layers, the second half as wide.
func mlp(b *builder, n Network) []layer {
	return []layer{
		b.dense("dense.0", n.Inputs, n.Hidden), relu{}, b.dropout(n),
		b.dense("dense.1", n.Hidden, n.Hidden/2), relu{}, b.dropout(n),
		b.dense("head", n.Hidden/2, n.Classes),
	}
}

// cnn is three convolutions over five points each, 1, 2 and 4 points apart, each
// with batch normalization; it sees 29 points at once.
func cnn(b *builder, n Network) []layer {
	var list []layer
	in := n.Inputs
	for i := range 3 {
		list = append(list,
			b.conv(fmt.Sprintf("conv.%d", i), n.Points, in, n.Hidden, 1<<i, i > 0),
			b.batchNorm(fmt.Sprintf("norm.%d", i), n.Hidden))
		in = n.Hidden
	}
	return append(list, meanMax{n.Points, n.Hidden}, b.dropout(n), b.dense("head", 2*n.Hidden, n.Classes))
}

// gru is one layer of gated recurrent units; the head sees its last state and the
// mean of all.
func gru(b *builder, n Network) []layer {
	return []layer{
		b.gru("rnn", n.Points, n.Inputs, n.Hidden),
		lastMean{n.Points, n.Hidden}, b.dropout(n),
		b.dense("head", 2*n.Hidden, n.Classes),
	}
}

// lstm is one layer of long short-term memory, with the same head.
func lstm(b *builder, n Network) []layer {
	return []layer{
		b.lstm("rnn", n.Points, n.Inputs, n.Hidden),
		lastMean{n.Points, n.Hidden}, b.dropout(n),
		b.dense("head", 2*n.Hidden, n.Classes),
	}
}

// transformer is two layers of an encoder, normalized before each part (Xiong et
// al. 2020), with a learned position of each point and heads of 16 columns.
func transformer(b *builder, n Network) []layer {
	d := n.Hidden
	list := []layer{b.dense("embed", n.Inputs, d), b.position(n.Points, d)}
	for i := range 2 {
		name := fmt.Sprintf("layers.%d.", i)
		list = append(list,
			&residual{[]layer{
				b.layerNorm(name+"norm1", d),
				b.projection(name+"self_attn.in_proj", d, 3*d),
				&attention{points: n.Points, dim: d},
				b.dense(name+"self_attn.out_proj", d, d), b.dropout(n),
			}},
			&residual{[]layer{
				b.layerNorm(name+"norm2", d),
				b.dense(name+"linear1", d, 2*d), relu{}, b.dropout(n),
				b.dense(name+"linear2", 2*d, d), b.dropout(n),
			}})
	}
	return append(list, b.layerNorm("norm", d), mean{n.Points, d}, b.dropout(n), b.dense("head", d, n.Classes))
}
