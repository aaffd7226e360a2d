// Package live applies models to telemetry while it is produced. It reads rows one by one, builds
// each window as soon as no row can change it, and says what the models make of it.
//
// Call [New], then [Detector.Line] for each line and [Detector.End] at the end. Read detector.go
// first, then take.go (lines and rows), clock.go (what is late), queue.go (rows in order) and
// window.go. Windows have the bits that the kinds features and predict give them, since the same
// code computes them; docs/DETECT.md has the rules.
//
// All input is taken for hostile: lines, rows in memory and jumps of the clock are bounded, and
// what is left out is counted in [Stats].
package live
