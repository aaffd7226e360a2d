// Package alloctest counts the memory that a function takes in steady state. Call [None]
// from a test.
package alloctest

import (
	"runtime/debug"
	"slices"
	"testing"
)

// None fails the test if f allocates when it is called again and again. The race detector
// makes a sync.Pool forget values at random, so with it None only calls f.
func None(t *testing.T, f func()) {
	t.Helper()
	n := testing.AllocsPerRun(20, f)
	if n > 0 && !raced() {
		t.Errorf("%v allocations per call", n)
	}
}

// raced reports whether this binary has the race detector.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
