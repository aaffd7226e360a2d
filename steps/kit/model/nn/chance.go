package nn

// A chance is what is random in one step of a training. What a window of the batch
// draws depends on its place in the batch and on who asks, never on what was drawn
// before, so pieces may be computed in any order.
type chance uint64

// chanceOf returns the chance of a step.
func chanceOf(seed uint64, step int) chance { return chance(mix(seed + uint64(step)*golden)) }

// stream returns the random numbers that who draws for a window.
func (c chance) stream(who uint64, window int) stream {
	return stream(mix(uint64(c) ^ mix(who<<32+uint64(window))))
}

// A stream is the generator SplitMix64 (Steele, Lea and Flood 2014).
type stream uint64

const golden = 0x9e3779b97f4a7c15

// next returns 64 random bits.
func (s *stream) next() uint64 {
	*s += golden
	return mix(uint64(*s))
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
