package rocket

// A threshold is a bias in every lane, plus the guard: less what a pair made, a lane's highest
// bit stays exactly where that is not above the bias.
type threshold int64

func thresholdOf(bias int32) threshold { return threshold((int64(bias) + guard) * ones) }

// count adds up, for each bias and in each lane, the points at which a pair is not above it.
func count(sums []int64, biases []threshold, made []int64) {
	for len(biases) >= 4 && len(sums) >= 4 {
		count4((*[4]int64)(sums), (*[4]threshold)(biases), made)
		sums, biases = sums[4:], biases[4:]
	}
	for k, b := range biases {
		n := int64(0)
		for _, v := range made {
			n += (int64(b) - v) >> (laneBits - 1) & ones
		}
		sums[k] = n
	}
}

// count4 is count for four biases, which are read once.
func count4(sums *[4]int64, biases *[4]threshold, made []int64) {
	b0, b1, b2, b3 := int64(biases[0]), int64(biases[1]), int64(biases[2]), int64(biases[3])
	var n0, n1, n2, n3 int64
	for _, v := range made {
		n0 += (b0 - v) >> (laneBits - 1) & ones
		n1 += (b1 - v) >> (laneBits - 1) & ones
		n2 += (b2 - v) >> (laneBits - 1) & ones
		n3 += (b3 - v) >> (laneBits - 1) & ones
	}
	sums[0], sums[1], sums[2], sums[3] = n0, n1, n2, n3
}
