// Package dataset holds the tables that travel between kinds, and their files.
//
// Four tables, each a Parquet file (zstd) that DuckDB, pandas and pyarrow open
// as it is, possibly in several parts under sub-folders: the validation index
// ([ReadIndex], one row an episode), the windows ([ReadWindows], one row a
// window), the vectors ([ReadVectors], one row an episode) and the assignment of a
// split ([ReadAssignment], one row an episode).
// Rows are always in the order of host, episode and time, whatever the number
// of parts, so that whoever reads them computes the same bytes. The same rows
// make the same file on any machine.
//
// Call [WriteIndex], [NewWindowsWriter], [NewVectorsWriter], [WriteAssignment] and
// the readers above. Read this file first: it is the types. Writing is
// parquet-go's (parquet.go), but for windows and vectors, which have hundreds of
// columns of one type (matrix_write.go, then matrix_file.go). Reading is our own
// below the footer, for the encodings that pandas, pyarrow and DuckDB write by
// default: a file is anybody's, and the library's decoders take memory for
// whatever a page claims. There, read parts.go, then pages.go, then column.go;
// limits.go has the bounds.
package dataset

import "assay/steps/kit/channel"

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
type Key struct {
	Host    string `parquet:"host_id"`
	Episode string `parquet:"episode_id"`
}

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

// Windows is a feature matrix. Rows are in the order of key, then centre.
type Windows struct {
	Features   []string     // F column names, "<channel>.<statistic>"
	SchemaHash string       // what the features mean; a model remembers it; "" if that is not known
	Remarks    []string     // what the files have or lack beside these, for people
	Episodes   []EpisodeRef // the episodes that have windows, in key order
	Episode    []int32      // N: index into Episodes
	Center     []float64    // N: seconds since the episode's first label
	Phase      []int32      // N: class, see [channel.PhaseName]
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

// AssignmentRow is one episode of a split, as the file has it.
type AssignmentRow struct {
	Key
	Part    Part   `parquet:"part"`
	Why     string `parquet:"why,optional"` // why it is excluded; "" otherwise, which is null
	Boot    string `parquet:"boot"`         // the VM boot it was recorded in, "<host>/<ordinal>"
	Profile string `parquet:"profile"`
	Sample  string `parquet:"sample"`
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

// SplitInfo is the file split.json of an assignment: what was held out, what
// that leaves untested, and what the parts still have in common.
type SplitInfo struct {
	By   string   `json:"by"`   // host, sample, time or boot, or several joined by +
	Test []string `json:"test"` // the names of all that is held out, one aspect after the other

	Held       []HeldOut `json:"held"`            // the same by aspect
	Validation []HeldOut `json:"validation_held"` // what validation holds out of the rest; empty if that is whole boots

	// UntestedProfiles are profiles of the training part that the test part
	// lacks: a score over the split says nothing of them.
	UntestedProfiles []string `json:"untested_profiles"`

	Episodes map[Part]int            `json:"episodes"` // episodes in each part
	Profiles map[Part]map[string]int `json:"profiles"` // the same by profile
	Boots    map[Part]int            `json:"boots"`    // VM boots in each part

	Leaks Leaks `json:"leaks"`
}

// HeldOut is what is held out in one aspect: names of hosts, of samples
// (profile/name), of boots (<host>/<ordinal>), or the cut (RFC 3339, UTC).
type HeldOut struct {
	By    string   `json:"by"`
	Names []string `json:"names"`
}

// Leaks are the ways in which an episode of the test part may be known from the
// other parts although the split does what it was asked to. Lists are cut after
// MaxListed entries, numbers are not.
type Leaks struct {
	SameContent    SameContent     `json:"same_content"`
	SameTime       SameTime        `json:"same_time"`
	NearDuplicates *NearDuplicates `json:"near_duplicates"` // nil if it was not looked for
}

// MaxListed is how many examples of each leak are listed.
const MaxListed = 100

// SameContent is about the contents of samples, by their SHA-256, that are both
// in the test part and in training or validation.
type SameContent struct {
	Shared   int             `json:"shared"`   // contents in both
	Tested   int             `json:"tested"`   // contents in the test part
	Episodes int             `json:"episodes"` // test episodes of a shared content
	List     []SharedContent `json:"list"`     // in the order of the digests
}

// SharedContent is one of them.
type SharedContent struct {
	SHA256   string       `json:"sha256"`
	Names    []string     `json:"names"`    // profile/name of all samples of this content
	Episodes map[Part]int `json:"episodes"` // in train, validation and test
}

// SameTime is about test episodes during which an episode of training or
// validation was recorded. Episodes whose start or length is not known have no
// part in it.
type SameTime struct {
	SameHost int        `json:"same_host"` // test episodes with such a one on their own host
	AnyHost  int        `json:"any_host"`  // test episodes with such a one on any host
	Unknown  int        `json:"unknown"`   // episodes of the three parts with no known span
	List     []LikePair `json:"list"`      // on their own host, in key order
}

// NearDuplicates is about episodes that have nearly the same vector as one of a
// part that is before theirs in the order train, validation, test.
type NearDuplicates struct {
	Test       int        `json:"test"`       // test episodes like one of training or validation
	Validation int        `json:"validation"` // validation episodes like one of training
	Features   int        `json:"features"`   // features that were compared
	Unknown    int        `json:"unknown"`    // episodes of the three parts that have no vector
	List       []LikePair `json:"list"`       // in key order
}

// LikePair is an episode and one of another part that it resembles.
type LikePair struct {
	Episode  string  `json:"episode"` // <host>/<episode>
	Part     Part    `json:"part"`
	Of       string  `json:"of"`
	OfPart   Part    `json:"of_part"`
	Distance float64 `json:"distance,omitempty"` // part of the features that differ
}
