package i8

import (
	"fmt"
	"os"
)

// PanelRows is the number of rows of a panel. In a panel the codes of 32 rows lie
// together, two dimensions at a time: the first two of every row, then the next two.
const PanelRows = 32

// MaxDims is the most dimensions of a row, so that no sum of products overflows.
const MaxDims = 256

const line = 2 * PanelRows // bytes of two dimensions of a panel

// Terms turn the product of row i with the query into a score,
//
//	A[i] - product·Step·W[i],
//
// and a score into a decision: the row stays if score - Slope·R[i] ≤ Limit. A, W and R
// have a value for each row.
type Terms struct {
	A, W, R            []float32
	Step, Slope, Limit float32
}

// Put sets the codes of a row. panels holds rows of len(codes) dimensions, which is even.
func Put(panels []int8, row int, codes []int8) {
	at := row/PanelRows*PanelRows*len(codes) + row%PanelRows*2
	for j := 0; j < len(codes); j += 2 {
		to := panels[at+j*PanelRows:][:2]
		to[0], to[1] = codes[j], codes[j+1]
	}
}

// Scan multiplies all rows of some panels, one for each mask, with a query. It sets the
// score of each row, and bit i%32 of mask i/32 if row i stays. The dimensions are those
// of the query: even, at most [MaxDims]. A wrong length is a mistake of the program and
// panics.
func Scan(scores []float32, masks []uint32, panels []int8, query []int16, t Terms) {
	rows, dims := len(masks)*PanelRows, len(query)
	if dims < 2 || dims%2 != 0 || dims > MaxDims {
		panic(fmt.Sprintf("i8: the query has %d dimensions, must be even and 2 to %d", dims, MaxDims))
	}
	if min(len(scores), len(t.A), len(t.W), len(t.R)) < rows || len(panels) < rows*dims {
		panic(fmt.Sprintf("i8: %d rows of %d dimensions, and fewer codes, terms or scores", rows, dims))
	}
	if rows > 0 {
		active(scores, masks, panels, query, t)
	}
}

// A kernel is an implementation of Scan. Its arguments are checked and not empty.
type kernel func(scores []float32, masks []uint32, panels []int8, query []int16, t Terms)

// active is the kernel of this process, chosen once.
var active = choose(os.Getenv("ASSAY_KERNEL"))

// choose returns plain Go if that is asked for, else the best kernel there is.
func choose(name string) kernel {
	if best := assembly(); name != "plain" && best != nil {
		return best
	}
	return plain
}

// plain is the definition.
func plain(scores []float32, masks []uint32, panels []int8, query []int16, t Terms) {
	for p := range masks {
		var sums [PanelRows]int32
		for j := 0; j < len(query); j += 2 {
			q0, q1 := int32(query[j]), int32(query[j+1])
			two := (*[line]int8)(panels[:line])
			for r := range sums {
				sums[r] += q0*int32(two[2*r]) + q1*int32(two[2*r+1])
			}
			panels = panels[line:]
		}
		masks[p] = 0
		for r, sum := range sums {
			i := p*PanelRows + r
			score := t.A[i] - float32(float32(float32(sum)*t.Step)*t.W[i])
			scores[i] = score
			if score-float32(t.Slope*t.R[i]) <= t.Limit {
				masks[p] |= 1 << r
			}
		}
	}
}
