// Package journal records what happened in runs, so that users can look at it later. Each run
// has a folder below the store's folder "runs":
//
//	runs/20261122-190229.482-k3f9/run.json      what was run, and how it ended
//	                              events.jsonl  one line per event, as it happened
//	                              made.json     what was no part of it, if it ended well; beside it
//	                              made.lock     what it made, and
//	                              settings.json what the recipe said
//	                              lock          held by the process while it lives
//
// [Begin] starts a run's journal, [Log.Add] and [Log.End] write it. [List] and [Find] list the
// runs, [Run.Events] reads one, and [Tell] makes a [Story] of it. Nothing here affects
// results: losing a journal loses only what it tells. After a kill events.jsonl may end in
// the middle of a line; readers skip what they cannot understand.
package journal

import "time"

// A Run is what run.json says of a run.
type Run struct {
	ID      string    `json:"-"` // the folder's name
	Verb    string    `json:"verb"`
	Recipe  string    `json:"recipe"`         // the file
	Name    string    `json:"name,omitempty"` // the recipe's own
	Args    []string  `json:"args,omitempty"`
	Version string    `json:"version,omitempty"` // of the binary
	Jobs    int       `json:"jobs"`
	Began   time.Time `json:"began"`
	Ended   time.Time `json:"ended,omitzero"` // zero while it runs, and after a kill
	Outcome Outcome   `json:"outcome,omitempty"`
	Error   string    `json:"error,omitempty"`
	Counts  Counts    `json:"counts"`

	dir string
}

// Counts say how much a run did. Nodes counts the nodes of the part of the graph that it ran;
// the others count actions.
type Counts struct {
	Nodes  int `json:"nodes"`
	Ran    int `json:"ran"`
	Cached int `json:"cached"`
	Failed int `json:"failed"`
}

// An Outcome is how a run ended.
type Outcome string

// The outcomes. Running and Killed are never written: a run without an end is Running if its
// process still holds the lock, and Killed otherwise.
const (
	OK          Outcome = "ok"
	Failed      Outcome = "failed"
	Differs     Outcome = "differs" // verify found another artifact than the lock's
	Interrupted Outcome = "interrupted"
	Running     Outcome = "running"
	Killed      Outcome = "killed"
	Damaged     Outcome = "damaged" // its run.json cannot be read
)

// Took returns how long the run took; zero if it has not ended.
func (r *Run) Took() time.Duration {
	if r.Ended.IsZero() {
		return 0
	}
	return r.Ended.Sub(r.Began)
}

// Dir returns the run's folder.
func (r *Run) Dir() string { return r.dir }
