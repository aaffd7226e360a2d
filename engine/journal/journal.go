// Package journal keeps what happened in runs, so that it can be looked at
// later: a folder a run, below the store's runs folder,
//
//	runs/20261122-190229.482-k3f9/run.json      what was run, and how it ended
//	                              events.jsonl  one line an event, as it happened
//	                              lock          held by the process while it lives
//
// [Begin] starts a run's journal, [Log.Add] and [Log.End] write it; [List] and
// [Find] name the runs there are, and [Run.Events] reads one. Nothing here
// decides anything: losing a journal loses a story and no result. A kill
// leaves a prefix of events.jsonl, and readers skip what they cannot
// understand.
package journal

import "time"

// A Run is what run.json says of a run.
type Run struct {
	ID      string    `json:"-"` // the folder's name
	Verb    string    `json:"verb"`
	Recipe  string    `json:"recipe"` // the file
	Name    string    `json:"name,omitempty"`
	Args    []string  `json:"args,omitempty"`
	Version string    `json:"version,omitempty"` // of the binary
	Jobs    int       `json:"jobs"`
	Began   time.Time `json:"began"`
	Ended   time.Time `json:"ended,omitzero"` // zero while it goes on, and after a kill
	Outcome Outcome   `json:"outcome,omitempty"`
	Error   string    `json:"error,omitempty"`
	Counts  Counts    `json:"counts"`

	dir string
}

// Counts are what a run came to. Nodes are those of the run's part of the
// graph; the others count actions.
type Counts struct {
	Nodes  int `json:"nodes"`
	Ran    int `json:"ran"`
	Cached int `json:"cached"`
	Failed int `json:"failed"`
}

// An Outcome is how a run ended.
type Outcome string

// The outcomes. Running and Killed are never written: a run that has not
// ended is one or the other, by whether its process still holds the lock.
const (
	OK          Outcome = "ok"
	Failed      Outcome = "failed"
	Differs     Outcome = "differs" // verify found another artifact than the lock's
	Interrupted Outcome = "interrupted"
	Running     Outcome = "running"
	Killed      Outcome = "killed"
	Damaged     Outcome = "damaged" // its run.json cannot be read
)

// Took is how long the run went on; zero if it has not ended.
func (r *Run) Took() time.Duration {
	if r.Ended.IsZero() {
		return 0
	}
	return r.Ended.Sub(r.Began)
}

// Dir is the run's folder.
func (r *Run) Dir() string { return r.dir }
