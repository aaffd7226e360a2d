package kernel

import (
	"math"
	"math/big"
)

// The oracle computes with 200 bits. (Package math will not do: on amd64 its
// Log is 36 off at subnormals and its Exp overflows below the largest result.)

const oracleBits = 200

func num(x float64) *big.Float { return new(big.Float).SetPrec(oracleBits).SetFloat64(x) }

// bigExp returns e^x: the Taylor series at x/2^20, squared twenty times.
func bigExp(x *big.Float) *big.Float {
	r := new(big.Float).SetPrec(oracleBits+64).SetMantExp(x, -20)
	sum, term := num(1).SetPrec(oracleBits+64), num(1).SetPrec(oracleBits+64)
	for i := 1; i < 40; i++ {
		term.Mul(term, r)
		term.Quo(term, num(float64(i)))
		sum.Add(sum, term)
	}
	for range 20 {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLog returns log x by Newton's iteration y += x e^-y - 1, from a value that
// is good to some 40 bits.
func bigLog(x float64) *big.Float {
	m, e := math.Frexp(x)
	y := num(math.Log(m) + float64(float64(e)*math.Ln2))
	for range 5 {
		d := bigExp(new(big.Float).Neg(y))
		d.Mul(d, num(x))
		y.Add(y, d.Sub(d, num(1)))
	}
	return y
}

// errorUlp returns |got - want| in units of the last place of got.
func errorUlp(got float64, want *big.Float) float64 {
	d := new(big.Float).Sub(want, num(got))
	a := math.Abs(got)
	d.Quo(d, num(math.Nextafter(a, math.Inf(1))-a))
	f, _ := d.Float64()
	return math.Abs(f)
}
