package tally

import "fmt"

// BlockRows is how many rows a [Block] has room for: their bins fit the second cache.
const BlockRows = 1024

// A Block is the bins of some rows, side by side for [AddRows]: Block[k][i] are the eight
// bins from 8k on of row i. What is beyond BlockRows keeps columns from the same places of
// a cache.
type Block [8][BlockRows + 8][Lanes]byte

// Gather copies the bins of some rows to b, at most BlockRows rows. Those of row r are the width
// bytes from bins[r·stride] on; width is a multiple of [Lanes], up to 64.
//
// Rows of a small node lie far apart, and most time goes into waiting for memory. A loop
// that does nothing else waits for many rows at once, and it asks for rows that come later.
//
// Numbers of rows are not checked one by one: each must be at least 0, and its bins in bins.
// Other mistakes of the program panic.
func Gather(b *Block, bins []byte, stride, width int, rows []int32) {
	if len(rows) > BlockRows || width < Lanes || width > stride || width > Lanes*len(b) || width%Lanes != 0 {
		panic(fmt.Sprintf("tally: cannot gather %d rows of %d bytes, %d apart", len(rows), width, stride))
	}
	if len(rows) > 0 {
		active.gather(b, bins, stride, width, rows)
	}
}

func gather(b *Block, bins []byte, stride, width int, rows []int32) {
	for i, r := range rows {
		row := bins[int(r)*stride:][:width]
		for k := 0; k < len(row)/Lanes; k++ {
			b[k&7][i&(BlockRows-1)] = [Lanes]byte(row[k*Lanes:])
		}
	}
}
