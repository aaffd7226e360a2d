package tally

import "os"

// kernels are implementations of the functions of this package. Their arguments are checked
// and not empty.
type kernels struct {
	add     func(t *Tables, bins [][Lanes]byte, lane int, values []Slot)
	gather  func(b *Block, bins []byte, stride, width int, rows []int32)
	addRows func(t *Table, bins [][Lanes]byte, values []Packed)
	sides   func(sides, bins []byte, width int, rows []int32, goes *[256]byte)
	pass    func(t *Trial, m *Mask, left *[256]Packed, n int, absent Packed)
}

// active are the kernels of this process, chosen once.
var active = choose(os.Getenv("ASSAY_KERNEL"))

// choose returns plain Go if that is asked for, else the best kernels there are.
func choose(name string) kernels {
	if best, ok := assembly(); name != "plain" && ok {
		return best
	}
	return plain()
}

// plain is the definition.
func plain() kernels {
	return kernels{add: add, gather: gather, addRows: addRows, sides: sides, pass: pass}
}
