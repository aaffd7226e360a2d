package rocket

import "math"

// Three windows are computed together: a number of the first lies in the low 21 bits of an int64,
// that of the second in the next 21, that of the third above. Lane by lane it is
//
//	first + second·2^21 + third·2^42
//
// with signed numbers, so a sum of such integers is the sum in every lane. A lane holds the result
// of a convolution if its size is less than 2^20. Inputs are at most 6, a pair adds up to 9 of
// them, and the weights of a kernel add up to 12 without their signs: with 9 bits behind the point
// that is 331,776, and twice as much, the difference of two such numbers, is less than 2^20.
const (
	lanes    = 3
	laneBits = 21
	laneMask = 1<<laneBits - 1
	guard    = 1 << (laneBits - 1)
	ones     = 1 | 1<<laneBits | 1<<(2*laneBits)

	unit  = 1 << 9 // one, as an integer
	clip  = 6      // largest input, see nn.Scaler
	reach = clip * unit * mostChannels * (2*heavy + taps - heavy)
)

// A lane that cannot hold the difference of two results does not compile.
const _ = uint(guard - 1 - 2*reach)

// pack adds the inputs of a window, points × inputs, to a lane of block, inputs × points.
func pack(block []int64, window []float32, inputs, lane int) {
	points := len(window) / inputs
	for t := range points {
		for c, v := range window[t*inputs : (t+1)*inputs] {
			block[c*points+t] += integer(v) << (lane * laneBits)
		}
	}
}

// integer returns an input as an integer.
func integer(v float32) int64 { return int64(math.Floor(float64(float64(v)*unit) + 0.5)) }
