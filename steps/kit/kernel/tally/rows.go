package tally

import "fmt"

// Pitch is how many slots of a [Table] lie between two features: one for each bin, and a
// cache line that nobody uses. Without it, equal bins of different features, such as those of
// missing values, are 2,048 bytes apart, and processors that compare the lower twelve bits
// of addresses take every other one for the same.
const Pitch = 256 + 8

// A Table is the sums of eight features of one tree, feature by feature, by bin.
type Table [Lanes * Pitch]Packed

// AddRows adds the derivatives of rows to the sums of their bins: values[i] to those of the
// eight bins[i]. Lengths that differ are a mistake of the program and panic.
func AddRows(t *Table, bins [][Lanes]byte, values []Packed) {
	if len(bins) != len(values) {
		panic(fmt.Sprintf("tally: the bins of %d rows, and %d values", len(bins), len(values)))
	}
	if len(bins) > 0 {
		active.addRows(t, bins, values)
	}
}

// addRows writes the sums of a row out: a loop over lanes would cost half the speed.
func addRows(t *Table, bins [][Lanes]byte, values []Packed) {
	values = values[:len(bins)]
	for i := range bins {
		v, bin := values[i], &bins[i]
		t[0*Pitch+int(bin[0])] += v
		t[1*Pitch+int(bin[1])] += v
		t[2*Pitch+int(bin[2])] += v
		t[3*Pitch+int(bin[3])] += v
		t[4*Pitch+int(bin[4])] += v
		t[5*Pitch+int(bin[5])] += v
		t[6*Pitch+int(bin[6])] += v
		t[7*Pitch+int(bin[7])] += v
	}
}
