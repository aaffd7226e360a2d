// Package display shows a run while it goes on: as plain lines, as live lines on a terminal,
// or as JSON for programs. Each is an observer of package event.
//
// Call [NewLines], and [Lines.GoLive] on a terminal, or [NewJSON]. Put a [Limit] before it, which
// limits how much a step can print.
package display

import "assay/engine/event"

// A Display shows the events of a run until it is closed.
type Display interface {
	event.Observer
	Close()
}
