package tally

import "fmt"

// Lanes is how many trees [Add] serves, and how many features [AddRows].
const Lanes = 8

// A Slot is the sums of one bin, by tree.
type Slot [Lanes]Packed

// Tables are the sums of two features, by bin. Two at a time share a row's values, and both
// fit the nearest cache.
type Tables [2][256]Slot

// Add adds each row's values to the slot of its bin in either table. The bins of a row are
// bins[i][lane] for the first table and bins[i][lane+1] for the second. Lengths that differ and other lanes
// are mistakes of the program and panic.
func Add(t *Tables, bins [][Lanes]byte, lane int, values []Slot) {
	if len(bins) != len(values) || lane < 0 || lane > Lanes-2 {
		panic(fmt.Sprintf("tally: lane %d of the bins of %d rows, and %d values", lane, len(bins), len(values)))
	}
	if len(values) > 0 {
		active.add(t, bins, lane, values)
	}
}

func add(t *Tables, bins [][Lanes]byte, lane int, values []Slot) {
	bins = bins[:len(values)]
	for i := range values {
		v, two := &values[i], bins[i][lane:][:2]
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
