// Package hub passes events on to many readers, and keeps what a new reader needs to be current.
//
// Make one with [New], let [Hub.Run] run, and call [Hub.Publish]. [Hub.Subscribe] gives a reader
// everything from where it stopped, or the state as it is, and then every frame. A frame is some
// events as text/event-stream, encoded and compressed once for all readers. Nobody waits for a
// reader: one that does not keep up is dropped, and comes again. Read hub.go first, then
// frame.go and sticky.go.
package hub
