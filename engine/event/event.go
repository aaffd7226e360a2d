// Package event describes what happens in a run, as data that can be shown, stored and sent.
//
// The engine makes [Event] values and passes each to its observers. The journal writes them
// as lines of JSON, the terminal draws them, and a program can read them from standard
// error: all use the same words. A [Reason] says why an action runs.
package event

import (
	"assay/artifacts"
	"assay/engine/step"
)

// An Event is a change of state that users may want to see.
type Event struct {
	T       float64          `json:"t"` // seconds since the run began
	What    What             `json:"what"`
	Node    string           `json:"node,omitempty"`
	Step    string           `json:"step,omitempty"`
	Labels  step.Labels      `json:"-"`                 // of the node
	Shard   int              `json:"shard,omitempty"`   // which of the node's actions
	Key     string           `json:"key,omitempty"`     // of the action; empty in events of the node
	Actions int              `json:"actions,omitempty"` // Started, Finished: how many the node has
	Ran     int              `json:"ran,omitempty"`     // Finished: how many of them were executed
	Why     Reasons          `json:"why,omitempty"`     // Running
	After   string           `json:"after,omitempty"`   // Started: the node that it waited for last
	Took    float64          `json:"took,omitempty"`    // Ran: seconds
	Notes   []artifacts.Note `json:"notes,omitempty"`   // Cached, Ran: the counts and warnings of the step
	Text    string           `json:"text,omitempty"`    // Status, Warned, Logged: a line; Failed, Retrying, Blocked: why
	Count   int              `json:"count,omitempty"`   // Known: how many nodes the step has
	Names   []string         `json:"-"`                 // Known: of these
	Done    int              `json:"-"`                 // Progress: units of work
	Total   int              `json:"-"`
}

// What is the type of an event. Readers skip unknown words, which a later version may write.
type What string

// The events of a node, in the order they can come.
const (
	Started  What = "started"  // the node's inputs are known
	Cached   What = "cached"   // an action's result was in the store
	Running  What = "running"  // an action began
	Progress What = "progress" // an action reported how far it is; no journal keeps it
	Status   What = "status"   // an action said where it stands; no journal keeps it
	Warned   What = "warned"   // an action warned
	Logged   What = "logged"   // an action wrote a line to its log
	Retrying What = "retrying" // an action failed and is tried again
	Ran      What = "ran"      // an action succeeded
	Failed   What = "failed"   // an action failed, or the node before its first action
	Blocked  What = "blocked"  // the node cannot run, since one that it needs failed
	Finished What = "finished" // all actions of the node are done
	Known    What = "known"    // the nodes of a step became known while the run went on
)

// An Observer receives every event of a run. Several goroutines call it, and the run waits for
// it, so it must not wait for the disk or the network.
type Observer interface {
	Observe(Event)
}
