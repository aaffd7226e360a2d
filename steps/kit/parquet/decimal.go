package parquet

import (
	"math"
	"math/big"
	"strconv"

	"github.com/parquet-go/parquet-go/format"
)

// Bounds of a decimal: Parquet's own writers stay below 76 digits.
const (
	maxScale   = 256
	maxDecimal = 64 // bytes of the integer
)

// numeric reports whether the values of a leaf are numbers that mean what they
// say.
func (l *Leaf) numeric() bool {
	whole := l.kind == format.Int32 || l.kind == format.Int64
	switch l.sense.of {
	case meansItself:
		return whole || l.kind == format.Float || l.kind == format.Double
	case meansUnsigned:
		return whole
	case meansDecimal:
		return whole || l.kind == format.ByteArray || l.kind == format.FixedLenByteArray
	case meansHalf:
		return l.kind == format.FixedLenByteArray && l.width == 2
	}
	return false
}

// decimal returns the float64 that is nearest to a decimal.
func (c cell) decimal() (float64, error) {
	digits, err := c.unscaled()
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(digits+"e-"+strconv.Itoa(c.leaf.sense.scale), 64)
}

// unscaled writes out the integer of a decimal: a number, or bytes in big-endian
// two's complement.
func (c cell) unscaled() (string, error) {
	switch c.leaf.kind {
	case format.Int32:
		return strconv.FormatInt(int64(int32(c.bits)), 10), nil
	case format.Int64:
		return strconv.FormatInt(int64(c.bits), 10), nil
	}
	if len(c.bytes) == 0 || len(c.bytes) > maxDecimal {
		return "", c.is("a decimal of 1 to 64 bytes")
	}
	v := new(big.Int).SetBytes(c.bytes)
	if c.bytes[0]&0x80 != 0 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(c.bytes))))
	}
	return v.String(), nil
}

// fromHalf widens a float of 16 bits: a sign, 5 bits of exponent, 10 of fraction.
func fromHalf(b uint16) float64 {
	exponent, fraction := int(b>>10&0x1f), float64(b&0x3ff)
	var v float64
	switch {
	case exponent == 0x1f && fraction != 0:
		return math.NaN()
	case exponent == 0x1f:
		v = math.Inf(1)
	case exponent == 0:
		v = math.Ldexp(fraction, -24)
	default:
		v = math.Ldexp(1024+fraction, exponent-25)
	}
	return math.Copysign(v, 1-2*float64(b>>15))
}
