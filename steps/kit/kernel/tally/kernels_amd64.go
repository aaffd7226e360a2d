package tally

import "golang.org/x/sys/cpu"

// assembly returns the kernels in assembly, and whether this machine can run them.
func assembly() (kernels, bool) {
	return kernels{
		add: func(t *Tables, bins [][Lanes]byte, lane int, values []Slot) {
			addAVX2(t, &bins[0][lane], &values[0], len(values))
		},
		gather: func(b *Block, bins []byte, stride, width int, rows []int32) {
			gatherAVX2(b, &bins[0], stride, width, &rows[0], len(rows))
		},
		addRows: func(t *Table, bins [][Lanes]byte, values []Packed) {
			addRowsAVX2(t, &bins[0], &values[0], len(bins))
		},
		sides: func(sides, bins []byte, width int, rows []int32, goes *[256]byte) {
			sidesAVX2(&sides[0], &bins[0], width, &rows[0], len(rows), goes)
		},
		pass: func(t *Trial, m *Mask, left *[256]Packed, n int, absent Packed) {
			passAVX2(t, m, left, (n+7)/8, absent)
		},
	}, cpu.X86.HasAVX2
}

// addAVX2 adds rows rows, at least one.
//
//go:noescape
func addAVX2(t *Tables, bins *byte, values *Slot, rows int)

// gatherAVX2 copies count rows, at least one.
//
//go:noescape
func gatherAVX2(b *Block, bins *byte, stride, width int, rows *int32, count int)

// addRowsAVX2 adds count rows, at least one.
//
//go:noescape
func addRowsAVX2(t *Table, bins *[Lanes]byte, values *Packed, count int)

// sidesAVX2 sets count sides, at least one.
//
//go:noescape
func sidesAVX2(sides, bins *byte, width int, rows *int32, count int, goes *[256]byte)

// passAVX2 sets eights bytes of m, at least one.
//
//go:noescape
func passAVX2(t *Trial, m *Mask, left *[256]Packed, eights int, absent Packed)
