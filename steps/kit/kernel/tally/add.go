package tally

import "fmt"

// Lanes is how many trees [Add] serves, and how many features [AddRows].
const Lanes = 8

// A Slot is the sums of one bin, by tree.
type Slot [Lanes]Packed

// Tables are the sums of two features, by bin. Two at a time share a row's values, and both
// fit the nearest cache.
type Tables [2][256]Slot

// Add adds each row's values to the slot of its bin in either table. The bins of row i are
// bins[i·stride] for the first table and bins[i·stride+1] for the second. A wrong length is
// a mistake of the program and panics.
func Add(t *Tables, bins []byte, stride int, values []Slot) {
	if len(values) == 0 {
		return
	}
	if stride < 2 || len(bins) < 2 || (len(bins)-2)/stride < len(values)-1 {
		panic(fmt.Sprintf("tally: %d bins, must be those of %d rows, %d apart", len(bins), len(values), stride))
	}
	active.add(t, bins, stride, values)
}

func add(t *Tables, bins []byte, stride int, values []Slot) {
	for i := range values {
		v, two := &values[i], bins[i*stride:][:2]
		for f, bin := range two {
			s := &t[f][bin]
			s[0] += v[0]
			s[1] += v[1]
			s[2] += v[2]
			s[3] += v[3]
			s[4] += v[4]
			s[5] += v[5]
			s[6] += v[6]
			s[7] += v[7]
		}
	}
}
