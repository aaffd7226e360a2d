package tally

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// assembly returns the kernels in assembly, and whether this machine can run them.
func assembly() (kernels, bool) {
	return kernels{
		add: func(t *Tables, bins []byte, stride int, values []Slot) {
			addAVX2(t, &bins[0], stride, &values[0], len(values))
		},
		addRows: func(t *Table, bins []byte, stride int, rows []int32, values []Packed, soon []int32) {
			addRowsAVX2(t, &bins[0], stride, &rows[0], &values[0], len(rows), unsafe.SliceData(soon), len(soon))
		},
		pass: func(t *Trial, m *Mask, left *[256]Packed, n int, absent Packed) {
			passAVX2(t, m, left, (n+7)/8, absent)
		},
	}, cpu.X86.HasAVX2
}

// addAVX2 adds rows rows, at least one.
//
//go:noescape
func addAVX2(t *Tables, bins *byte, stride int, values *Slot, rows int)

// addRowsAVX2 adds count rows, at least one, and fetches one of the others per eight.
//
//go:noescape
func addRowsAVX2(t *Table, bins *byte, stride int, rows *int32, values *Packed, count int, soon *int32, others int)

// passAVX2 sets eights bytes of m, at least one.
//
//go:noescape
func passAVX2(t *Trial, m *Mask, left *[256]Packed, eights int, absent Packed)
