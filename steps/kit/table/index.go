package table

import "assay/steps/kit/channel"

// Status is the verdict of validation on one episode.
type Status string

// The four verdicts.
const (
	Accepted Status = "accepted" // fully used
	Degraded Status = "degraded" // used, with rows or sources left out, and said so
	Rejected Status = "rejected" // readable, but refused by a rule
	Errored  Status = "errored"  // cannot be read
)

// NumStatuses is the number of verdicts.
const NumStatuses = 4

// Statuses lists the verdicts from best to worst.
func Statuses() []Status { return []Status{Accepted, Degraded, Rejected, Errored} }

// Usable reports whether an episode of this status takes part in a data set.
func (s Status) Usable() bool { return s == Accepted || s == Degraded }

// An Episode is one row of the validation index.
type Episode struct {
	Key
	Status  Status
	Reasons []string // each "rule: what was found"; empty when accepted without remark

	Profile    string // meta sample.profile; "" if unknown
	SampleName string
	SampleKind string
	SampleSHA  string // hex digest of the sample's content; "" if it has none

	StartNs  int64   // wall clock of the first label, Unix ns; 0 if unknown
	Duration float64 // seconds observed; 0 if unknown
	Uptime   float64 // seconds the VM had been up at the start; NaN if unknown

	Rows    Counts   // rows used, by source
	BadRows Counts   // rows dropped, by source
	First   Instants // the earliest t_wall_ns of the rows used, by source
	Last    Instants // the latest
	Labels  int32
	Phases  []string // distinct phases in order of first appearance
}

// Counts are numbers of rows by source, indexed by [channel.Source].
type Counts [channel.NumSources]int32

// Instants are points of time by source, Unix ns; 0 if unknown.
type Instants [channel.NumSources]int64
