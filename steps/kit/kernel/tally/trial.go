package tally

// A Trial tells which splits of a node may be worth a division.
//
// Be A and C the sides' gradients, L and R their Hessians plus λ, G = A + C and T = L + R.
// Then A²/L + C²/R = G²/T + (A - qL)² T/(LR) with q = G/T, so a split beats the score s
// only if (A - qL)² > (s - G²/T)/T · L(T - L).
type Trial struct {
	Q, All, Lambda float64 // q, T and λ
	Bar            float64 // (s - G²/T)/T
	MinH, MaxH     float64 // the left side's Hessians are in MinH..MaxH
}

// A Mask has a bit for each of 256 splits.
type Mask [4]uint64

// Pass sets the bits of the splits that pass t: bit b says so of a left side of the sums
// left[b] + absent. Bits from n on, at most 256, are 0. Sums of Hessians are below 2^31.
func (t *Trial) Pass(m *Mask, left *[256]Packed, n int, absent Packed) {
	*m = Mask{}
	if n = min(n, len(left)); n <= 0 {
		return
	}
	active.pass(t, m, left, n, absent)
	if n%64 > 0 {
		m[n/64] &= 1<<(n%64) - 1
	}
}

// pass may also set bits of n up to the next multiple of 8.
func pass(t *Trial, m *Mask, left *[256]Packed, n int, absent Packed) {
	for b, v := range left[:n] {
		v += absent
		h, g := float64(v.H()), float64(v.G())
		l := h + t.Lambda
		d := g - float64(t.Q*l)
		if h >= t.MinH && h <= t.MaxH && float64(d*d) > float64(t.Bar*l)*(t.All-l) {
			m[b/64] |= 1 << (b % 64)
		}
	}
}
