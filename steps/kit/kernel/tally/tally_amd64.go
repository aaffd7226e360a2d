package tally

import "golang.org/x/sys/cpu"

// assembly returns the kernel in assembly that this machine can run, or nil.
func assembly() kernel {
	if !cpu.X86.HasAVX2 {
		return nil
	}
	return func(t *Tables, bins []byte, stride int, values []Slot) {
		addAVX2(t, &bins[0], stride, &values[0], len(values))
	}
}

// addAVX2 adds rows rows, at least one.
//
//go:noescape
func addAVX2(t *Tables, bins *byte, stride int, values *Slot, rows int)
