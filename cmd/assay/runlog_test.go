package main

import "testing"

func TestMoves(t *testing.T) {
	for term, want := range map[string]bool{"xterm-256color": true, "linux": true, "dumb": false} {
		if moves(term) != want {
			t.Errorf("%q: %v", term, !want)
		}
	}
}
