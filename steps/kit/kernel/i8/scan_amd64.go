package i8

import "golang.org/x/sys/cpu"

// assembly returns the kernel in assembly that this machine can run, or nil.
func assembly() kernel {
	if !cpu.X86.HasAVX2 {
		return nil
	}
	return func(scores []float32, masks []uint32, panels []int8, query []int16, t Terms) {
		scanAVX2(&panels[0], &query[0], len(query)/2, len(masks), &t.A[0], &t.W[0], &t.R[0],
			t.Step, t.Slope, t.Limit, &scores[0], &masks[0])
	}
}

// scanAVX2 scans count panels of 2·pairs dimensions.
//
//go:noescape
func scanAVX2(panels *int8, query *int16, pairs, count int, a, w, r *float32, step, slope, limit float32,
	scores *float32, masks *uint32)
