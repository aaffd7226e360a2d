//go:build !linux

package main

// pauses does nothing on this system: commands are in assay's process group, so the terminal
// stops them together with assay.
func (l *lifetime) pauses() (end func()) { return func() {} }
