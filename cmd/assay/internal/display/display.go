// Package display shows a run while it goes on: as plain lines, as live lines on a terminal,
// or as JSON for programs. Each is an observer of package event.
//
// Call [NewLines], and [Lines.GoLive] on a terminal, or [NewJSON]; before them belongs a
// [Limit], which bounds what a step may say.
package display

import "assay/engine/event"

// A Display shows events to whoever waits for the run.
type Display interface {
	event.Observer
	Close()
}
