package pyjson

import (
	"encoding/binary"
	"math/bits"
)

// The functions here read what nearly all values are. They refuse the rest,
// which is then for the grammar to judge.

// tens are the powers of ten that digits need; never written to.
var tens = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// PlainNumber reads a number without sign and exponent that a double holds after
// one rounding: an integer of at most 18 digits, or at most 15 with a point.
func PlainNumber(b []byte, i int) (v float64, end int) {
	if len(b)-i >= 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		if n := countDigits(x); n > 0 && n < 8 && b[i+n] != '.' && (n == 1 || b[i] != '0') {
			return float64(int64(digitsValue(x, n))), i + n
		}
	}
	return longNumber(b, i)
}

// longNumber is PlainNumber for what eight bytes do not hold, or has a point.
func longNumber(b []byte, i int) (v float64, end int) {
	n, end := leadingDigits(b, i)
	count := end - i
	if count == 0 || count > 18 || count > 1 && b[i] == '0' {
		return 0, Bad
	}
	if end == len(b) || b[end] != '.' {
		return float64(int64(n)), end
	}
	frac, last := leadingDigits(b, end+1)
	places := last - end - 1
	if places == 0 || count+places > 15 {
		return 0, Bad
	}
	// Both integers are below 2^53 and so exact; the quotient is rounded once.
	n = n*tens[places] + frac
	return float64(int64(n)) / float64(int64(tens[places])), last
}

// SkipPlainNumber skips what PlainNumber reads.
func SkipPlainNumber(b []byte, i int) int {
	if len(b)-i >= 8 {
		n := countDigits(binary.LittleEndian.Uint64(b[i:]))
		if n > 0 && n < 8 && b[i+n] != '.' && (n == 1 || b[i] != '0') {
			return i + n
		}
	}
	_, i = longNumber(b, i)
	return i
}

// PlainInteger reads an integer without sign that fits 63 bits.
func PlainInteger(b []byte, i int) (v int64, end int) {
	if len(b)-i >= 24 && b[i] != '0' {
		if n, count := clockReading(b[i : i+24]); count > 0 && n <= 1<<63-1 {
			return int64(n), i + count
		}
	}
	n, end := leadingDigits(b, i)
	if count := end - i; count == 0 || count > 19 || n > 1<<63-1 || count > 1 && b[i] == '0' {
		return 0, Bad
	}
	return int64(n), end
}

// clockReading reads 8 to 19 digits, as nearly all clocks have; count is 0 if
// there are fewer or more.
func clockReading(b []byte) (n uint64, count int) {
	x, y := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	if countDigits(x) < 8 {
		return 0, 0
	}
	n = digitsValue(x, 8)
	count = countDigits(y)
	n = n*tens[count] + digitsValue(y, count)
	if count < 8 {
		return n, 8 + count
	}
	z := binary.LittleEndian.Uint64(b[16:])
	if count = countDigits(z); count > 3 {
		return 0, 0
	}
	return n*tens[count] + digitsValue(z, count), 16 + count
}

// PlainString skips a string of ASCII without escapes.
func PlainString(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return Bad
	}
	for i++; i < len(b) && b[i] >= 0x20 && b[i] < 0x80 && b[i] != '\\'; i++ {
		if b[i] == '"' {
			return i + 1
		}
	}
	return Bad
}

// leadingDigits reads up to 24 decimal digits at b[i]; more than 19 of them make
// a number of no meaning.
func leadingDigits(b []byte, i int) (n uint64, end int) {
	for end = i; end-i < 24; {
		count, v := 0, uint64(0)
		if len(b)-end >= 8 {
			x := binary.LittleEndian.Uint64(b[end:])
			count = countDigits(x)
			v = digitsValue(x, count)
		} else {
			for end+count < len(b) && b[end+count]-'0' <= 9 {
				v = v*10 + uint64(b[end+count]-'0')
				count++
			}
		}
		n = n*tens[count] + v
		if end += count; count < 8 {
			break
		}
	}
	return n, end
}

// countDigits returns how many of the eight bytes of x, lowest first, are digits
// before the first that is none. Numbers differ in length so often that a branch
// for each digit would be mispredicted for most.
func countDigits(x uint64) int {
	// The high bit of a byte is set by the sum if the byte is above '9', by the
	// difference if it is below '0'. Carries only reach bytes after such a one.
	other := (x + 0x4646464646464646) | (x - 0x3030303030303030)
	return bits.TrailingZeros64(other&0x8080808080808080) / 8
}

// digitsValue returns the number that the first bytes of x spell.
func digitsValue(x uint64, count int) uint64 {
	x = x << (64 - 8*count) & 0x0f0f0f0f0f0f0f0f // zeros in front
	x = (x*10 + x>>8) & 0x00ff00ff00ff00ff       // values of pairs
	x = (x*100 + x>>16) & 0x0000ffff0000ffff     // of fours
	return (x*10000 + x>>32) & 0xffffffff
}
