package tally

import "fmt"

// Sides sets sides[i] to what goes has for a bin of rows[i]: bins[rows[i]·width].
//
// As in [Gather], a loop that does nothing else waits for many rows at once. Numbers of rows are not
// checked one by one: each must be at least 0, and its bin in bins. Other mistakes of
// the program panic.
func Sides(sides, bins []byte, width int, rows []int32, goes *[256]byte) {
	if len(sides) != len(rows) || width < 1 {
		panic(fmt.Sprintf("tally: %d sides of %d rows of %d bytes", len(sides), len(rows), width))
	}
	if len(rows) > 0 {
		active.sides(sides, bins, width, rows, goes)
	}
}

func sides(sides, bins []byte, width int, rows []int32, goes *[256]byte) {
	for i, r := range rows {
		sides[i] = goes[bins[int(r)*width]]
	}
}
