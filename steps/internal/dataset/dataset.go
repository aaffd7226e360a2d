// Package dataset holds the tables that travel between kinds, and their files.
//
// Three tables, each a Parquet file (zstd) that DuckDB, pandas and pyarrow open
// as it is, possibly in several parts under sub-folders: the validation index
// ([ReadIndex], one row an episode), the windows ([ReadWindows], one row a
// window) and the assignment of a split ([ReadAssignment], one row an episode).
// Rows are always in the order of host, episode and time, whatever the number
// of parts, so that whoever reads them computes the same bytes. The same rows
// make the same file on any machine.
//
// Call [WriteIndex], [NewWindowsWriter], [WriteAssignment] and the readers
// above. Read this file first: it is the types. Writing is parquet-go's
// (parquet.go). Reading is our own below the footer, for the encodings that
// pandas, pyarrow and DuckDB write by default: a file is anybody's, and the
// library's decoders take memory for whatever a page claims. There, read
// parts.go, then pages.go, then column.go; limits.go has the bounds.
package dataset

import "cmp"

// Status is the verdict of validation on one episode.
type Status string

// The four verdicts.
const (
	Accepted Status = "accepted" // fully used
	Degraded Status = "degraded" // used, with rows or sources left out, and said so
	Rejected Status = "rejected" // readable, but refused by a rule
	Errored  Status = "errored"  // cannot be read
)

// Usable reports whether an episode of this status takes part in a data set.
func (s Status) Usable() bool { return s == Accepted || s == Degraded }

// A Key names an episode: its folder and its file name in the store.
type Key struct{ Host, Episode string }

// Compare orders keys by host, then episode.
func (k Key) Compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Host, o.Host), cmp.Compare(k.Episode, o.Episode))
}

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

	Rows    Counts // rows used, by source
	BadRows Counts // rows dropped, by source
	Labels  int32
	Phases  []string // distinct phases in order of first appearance
}

// Counts are numbers of rows by telemetry source.
type Counts struct{ Proc, Guest, QMP, Netflow int32 }

// phases are the classes, in the order of their numbers.
var phases = [...]string{"clean", "armed", "infecting", "infected_running", "dormant", "failed"}

// NumPhases is the number of classes.
const NumPhases = len(phases)

// PhaseName returns the name of class i.
func PhaseName(i int) string { return phases[i] }

// PhaseIndex returns the class of a name, or -1.
func PhaseIndex(name string) int {
	for i, p := range phases {
		if p == name {
			return i
		}
	}
	return -1
}

// Windows is a feature matrix. Rows are in the order of key, then centre.
type Windows struct {
	Features   []string     // F column names, "<channel>.<statistic>"
	SchemaHash string       // what the features mean; a model remembers it
	Episodes   []EpisodeRef // the episodes that have windows, in key order
	Episode    []int32      // N: index into Episodes
	Center     []float64    // N: seconds since the episode's first label
	Phase      []int32      // N: class, see PhaseName
	X          []float32    // N×F row-major; NaN is missing
}

// EpisodeRef is what a window knows of its episode.
type EpisodeRef struct {
	Key
	Profile string
	Sample  string
}

// Len returns N, the number of windows.
func (w *Windows) Len() int { return len(w.Phase) }

// Row returns the features of window i; it must not be changed.
func (w *Windows) Row(i int) []float32 {
	f := len(w.Features)
	return w.X[i*f : (i+1)*f : (i+1)*f]
}

// Part is a side of a split.
type Part string

// The parts. An episode that is in none of the first three is Excluded, with
// the reason in its row of the assignment.
const (
	Train      Part = "train"
	Validation Part = "validation"
	Test       Part = "test"
	Excluded   Part = "excluded"
)

// Assignment says which part each usable episode of the index is in.
type Assignment struct {
	Info SplitInfo
	Rows []AssignmentRow // in key order, one for every usable episode
}

// AssignmentRow is one episode of a split.
type AssignmentRow struct {
	Key
	Part    Part
	Why     string // why it is excluded; "" otherwise
	Boot    string // the VM boot it was recorded in, "<host>/<ordinal>"
	Profile string
	Sample  string
}

// Part returns the part of an episode, Excluded if the split does not know it.
func (a *Assignment) Part(k Key) Part {
	lo, hi := 0, len(a.Rows)
	for lo < hi {
		mid := (lo + hi) / 2
		if a.Rows[mid].Compare(k) < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(a.Rows) && a.Rows[lo].Key == k {
		return a.Rows[lo].Part
	}
	return Excluded
}

// SplitInfo is the file split.json of an assignment: what was held out, and
// what that leaves untested.
type SplitInfo struct {
	By   string   `json:"by"`   // host, sample or time
	Test []string `json:"test"` // the held-out hosts, samples (profile/name) or the cut time (RFC 3339, UTC)

	// UntestedProfiles are profiles of the training part that the test part
	// lacks: a score over the split says nothing of them.
	UntestedProfiles []string `json:"untested_profiles"`

	Episodes map[Part]int            `json:"episodes"` // episodes in each part
	Profiles map[Part]map[string]int `json:"profiles"` // the same by profile
	Boots    map[Part]int            `json:"boots"`    // VM boots in each part
}
