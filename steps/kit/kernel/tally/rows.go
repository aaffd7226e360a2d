package tally

import "fmt"

// A Table is the sums of eight features of one tree, feature by feature, by bin.
type Table [Lanes * 256]Packed

// AddRows adds values[i], the derivatives of rows[i], to the sums of the row's bins: in
// bins they are the eight bytes from row·stride on.
//
// Rows of a small node lie far apart, and most time goes into waiting for memory. So while
// rows are added, the bins of others are fetched that will be added soon, one for every
// eight; nothing depends on them.
//
// Numbers of rows are not checked one by one: each must be at least 0, and its bins in bins.
// Lengths that differ are a mistake of the program and panic.
func AddRows(t *Table, bins []byte, stride int, rows []int32, values []Packed, soon []int32) {
	if len(rows) != len(values) || stride < Lanes {
		panic(fmt.Sprintf("tally: %d rows of %d bytes, and %d values", len(rows), stride, len(values)))
	}
	if len(rows) > 0 && len(bins) > 0 {
		active.addRows(t, bins, stride, rows, values, soon)
	}
}

// addRows writes the sums of a row out: a loop over lanes would cost half the speed.
func addRows(t *Table, bins []byte, stride int, rows []int32, values []Packed, _ []int32) {
	values = values[:len(rows)]
	for i, r := range rows {
		v, bin := values[i], (*[Lanes]byte)(bins[int(r)*stride:])
		t[0*256+int(bin[0])] += v
		t[1*256+int(bin[1])] += v
		t[2*256+int(bin[2])] += v
		t[3*256+int(bin[3])] += v
		t[4*256+int(bin[4])] += v
		t[5*256+int(bin[5])] += v
		t[6*256+int(bin[6])] += v
		t[7*256+int(bin[7])] += v
	}
}
