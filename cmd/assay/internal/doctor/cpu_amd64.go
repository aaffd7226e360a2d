package doctor

import (
	"strings"

	"golang.org/x/sys/cpu"
)

// features names the instructions that matter, and reports whether the fast kernels run.
func features() (names string, fast bool) {
	var list []string
	for _, f := range []struct {
		name string
		has  bool
	}{{"AVX2", cpu.X86.HasAVX2}, {"FMA", cpu.X86.HasFMA}, {"AVX-512", cpu.X86.HasAVX512F},
		{"VNNI", cpu.X86.HasAVX512VNNI}} {
		if f.has {
			list = append(list, f.name)
		}
	}
	if len(list) == 0 {
		return "no AVX2", false
	}
	return strings.Join(list, " "), cpu.X86.HasAVX2
}
