package gbt

import (
	"math"
	"slices"
)

// A sorter sorts numbers by radix, which costs a tenth of comparing many.
type sorter struct{ keys, other []uint32 }

const (
	digitBits = 11 // three digits make a float32
	digits    = 1 << digitBits
)

// sort sorts values, none of which is NaN. It is slices.Sort, but that it makes -0 come out as 0.
func (s *sorter) sort(values []float32) {
	if len(values) < digits/4 {
		slices.Sort(values)
		return
	}
	s.keys, s.other = s.keys[:0], slices.Grow(s.other[:0], len(values))[:len(values)]
	for _, v := range values {
		s.keys = append(s.keys, keyOf(v))
	}
	for shift := 0; shift < 32; shift += digitBits {
		s.distribute(shift)
	}
	for i, k := range s.keys {
		values[i] = valueOf(k)
	}
}

// distribute sorts keys by one digit and leaves equal ones in their order.
func (s *sorter) distribute(shift int) {
	var next [digits]int
	for _, k := range s.keys {
		next[k>>shift%digits]++
	}
	at := 0
	for d, n := range next {
		next[d] = at
		at += n
	}
	for _, k := range s.keys {
		to := &next[k>>shift%digits]
		s.other[*to] = k
		*to++
	}
	s.keys, s.other = s.other, s.keys
}

// keyOf returns a number that orders as v does among others, and tells no 0 from -0.
func keyOf(v float32) uint32 {
	b := math.Float32bits(v + 0) // -0 + 0 is 0
	return b ^ (uint32(int32(b)>>31) | 1<<31)
}

func valueOf(key uint32) float32 {
	return math.Float32frombits(key ^ (^uint32(int32(key)>>31) | 1<<31))
}

// keys are those of a feature's cuts, filled up with the largest there is, so that a
// search takes the same eight steps for every value and no branch is mispredicted.
type keys [maxBins]uint32

func keysOf(cuts []float32) *keys {
	k := new(keys)
	for i := range k {
		k[i] = math.MaxUint32
		if i < len(cuts) {
			k[i] = keyOf(cuts[i])
		}
	}
	return k
}

// bin is binOf.
func (k *keys) bin(v float32) int {
	key, at := int64(keyOf(v)), 0
	for step := maxBins / 2; step > 0; step /= 2 {
		past := (int64(k[(at+step-1)&(maxBins-1)]) - key - 1) >> 63 // all ones if the cut is at most v
		at += step & int(past)
	}
	return at
}
