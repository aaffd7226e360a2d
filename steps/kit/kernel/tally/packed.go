package tally

// A Packed is a sum of gradients and a sum of Hessians in one word, so that one addition
// adds both: the gradients in the upper half in two's complement, the Hessians, never
// negative, in the lower. Words may be added and subtracted as long as both sums lie
// strictly within ±2^31.
type Packed uint64

// Pack returns the word of two sums.
func Pack(g, h int64) Packed { return Packed(uint64(g)<<32 + uint64(h)) }

// G returns the sum of gradients.
func (p Packed) G() int64 { return int64(int32(p >> 32)) }

// H returns the sum of Hessians.
func (p Packed) H() int64 { return int64(uint32(p)) }
