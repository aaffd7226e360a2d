// Package live has the events of the dashboard: what programs post to it, and what it sends to
// browsers.
//
// A JSON Schema for each type of event is in the folder schema, and is the one place that says
// what an event may hold. [Parse] checks what was posted against it, and [Encode] what a
// producer makes. Read event.go for the types first, then parse.go and schema.go.
package live
