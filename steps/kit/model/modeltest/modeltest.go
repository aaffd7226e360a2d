// Package modeltest helps the tests of models. Call [NoAllocs].
package modeltest

import "testing"

// NoAllocs fails the test if a prediction allocates in steady state. The race detector
// has pools forget at random what they hold, so under it this checks nothing.
func NoAllocs(t *testing.T, predict func()) {
	t.Helper()
	const runs = 20
	if n := testing.AllocsPerRun(runs, predict); n != 0 && !race {
		t.Errorf("a prediction allocates %v times", n)
	}
}
