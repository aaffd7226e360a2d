// Package serve is the dashboard as an HTTP server.
//
//	POST /publish           one event or an array of them, see package live
//	GET  /events            all events as text/event-stream, with Last-Event-ID
//	GET  /state             the events that a new reader gets, as a JSON array
//	GET  /schema/NAME.json  the schema of a type of event
//	GET  /metrics /healthz  for machines
//	GET  /                  the page
//
// Make one with [New] and call [Server.Serve]. Read server.go first; guard.go says who may come
// in, publish.go and events.go are the two ways of events.
package serve
