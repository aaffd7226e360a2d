package quantile

import "math"

// MaxBins is one more than the most cuts that Keys can have.
const MaxBins = 256

// Keys are those of a feature's cuts, filled up with the largest there is, so that a
// search takes the same eight steps for every value and no branch is mispredicted.
type Keys [MaxBins]uint32

// KeysOf returns the keys of cuts, of which there are fewer than MaxBins.
func KeysOf(cuts []float32) *Keys {
	k := new(Keys)
	for i := range k {
		k[i] = math.MaxUint32
		if i < len(cuts) {
			k[i] = keyOf(cuts[i])
		}
	}
	return k
}

// Bin returns the bin of a value that is not missing: how many cuts are at most v.
func (k *Keys) Bin(v float32) int {
	key, at := int64(keyOf(v)), 0
	for step := MaxBins / 2; step > 0; step /= 2 {
		past := (int64(k[(at+step-1)&(MaxBins-1)]) - key - 1) >> 63 // all ones if the cut is at most v
		at += step & int(past)
	}
	return at
}
