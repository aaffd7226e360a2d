package matrix

import (
	"encoding/binary"
	"math"

	"assay/steps/kit/parquet"
)

// featurePages are the waiting values of all features, those of a feature behind
// one another.
type featurePages struct {
	features int
	b        []byte
	room     int // rows that there is memory for
	stride   int // bytes from a feature to the next
}

// put adds a row behind those that there are.
func (p *featurePages) put(row int, x []float32) {
	if row == p.room {
		p.grow(row)
	}
	at := 4 * row
	for _, v := range x {
		binary.LittleEndian.PutUint32(p.b[at:], math.Float32bits(parquet.CanonicalNaN(v)))
		at += p.stride
	}
}

// page returns the first n values of a feature.
func (p *featurePages) page(feature, n int) []byte {
	return p.b[feature*p.stride:][:4*n]
}

// grow makes room for more rows than the n that there are.
func (p *featurePages) grow(n int) {
	old := *p
	p.room = max(64, 2*n)
	p.stride = 4*p.room + 64 // at powers of two, all would lie in the same lines of a cache
	p.b = make([]byte, p.features*p.stride)
	for f := range p.features {
		copy(p.page(f, n), old.page(f, n))
	}
}

// floatBounds returns the least and the greatest of a page of values. NaN has no place
// among them.
func floatBounds(page []byte) bounds {
	lo, hi := float32(math.Inf(1)), float32(math.Inf(-1))
	for ; len(page) >= 4; page = page[4:] {
		v := math.Float32frombits(binary.LittleEndian.Uint32(page))
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	if lo > hi {
		return bounds{}
	}
	least, greatest := zeros(float64(lo), float64(hi))
	return bounds{true, float(float32(least)), float(float32(greatest))}
}

// zeros gives bounds that are zero the outer sign: -0 is 0 to a comparison, but
// the format puts it below.
func zeros(lo, hi float64) (least, greatest float64) {
	if lo == 0 {
		lo = math.Copysign(0, -1)
	}
	if hi == 0 {
		hi = 0
	}
	return lo, hi
}

// float is the bytes that stand for a number.
func float(v float32) string {
	return string(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
}

// double is the same for one of twice the size.
func double(v float64) string {
	return string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
}
