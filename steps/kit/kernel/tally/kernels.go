package tally

import "os"

// kernels are implementations of the functions of this package. Their arguments are checked
// and not empty.
type kernels struct {
	add     func(t *Tables, bins []byte, stride int, values []Slot)
	addRows func(t *Table, bins []byte, stride int, rows []int32, values []Packed, soon []int32)
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
func plain() kernels { return kernels{add: add, addRows: addRows, pass: pass} }
