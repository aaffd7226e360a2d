package signal

// ends returns the least and the greatest of the values in a and b, each of them
// sorted and not both empty.
func ends(a, b []float64) (lo, hi float64) {
	switch {
	case len(b) == 0:
		return a[0], a[len(a)-1]
	case len(a) == 0:
		return b[0], b[len(b)-1]
	}
	return min(a[0], b[0]), max(a[len(a)-1], b[len(b)-1])
}

// ranks returns the values that would be at k and k+1 if a and b, each of them
// sorted, were sorted together; of the last one there is no next, and it comes
// twice. It takes the logarithm of their lengths.
func ranks(a, b []float64, k int) (at, next float64) {
	// Of the first k values, i are from a: as many as are not above b[k-i].
	lo, hi := max(0, k-len(b)), min(k, len(a))
	for lo < hi {
		if i := int(uint(lo+hi) / 2); a[i] <= b[k-i-1] {
			lo = i + 1
		} else {
			hi = i
		}
	}
	a, b = a[lo:], b[k-lo:]
	at, a, b = pop(a, b)
	if len(a)+len(b) == 0 {
		return at, at
	}
	next, _, _ = pop(a, b)
	return at, next
}

// pop takes the least value off.
func pop(a, b []float64) (least float64, restA, restB []float64) {
	if len(b) == 0 || len(a) > 0 && a[0] <= b[0] {
		return a[0], a[1:], b
	}
	return b[0], a, b[1:]
}

// insertionSort sorts finite values; it is for few.
func insertionSort(a []float64) {
	for i := 1; i < len(a); i++ {
		x := a[i]
		j := i
		for ; j > 0 && x < a[j-1]; j-- {
			a[j] = a[j-1]
		}
		a[j] = x
	}
}
