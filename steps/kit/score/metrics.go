package score

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"

	"assay/steps/kit/alarm"
	"assay/steps/kit/files"
)

// Metrics are the scores of a model on the test part of a split. They are the
// file metrics.json.
type Metrics struct {
	Model    string `json:"model"`
	View     string `json:"view"`
	Rounds   int    `json:"rounds"`
	Features int    `json:"features"`
	Split    Split  `json:"split"`

	Windows  int        `json:"windows"`
	Episodes int        `json:"episodes"`
	Measures []Estimate `json:"measures"` // see package measure, in its order

	Labels      []string     `json:"labels"`      // classes seen, as truth or as prediction
	Classes     []ClassScore `json:"per_class"`   // of the labels
	Confusion   [][]int      `json:"confusion"`   // labels × labels; rows are the truth
	Calibration []Bin        `json:"calibration"` // those that have windows
	Groups      []Group      `json:"groups"`      // windows of one profile, host, sample or phase
	Alarms      []Operation  `json:"alarms"`      // one for each budget of false alarms

	Untested   []string       `json:"untested_profiles"`
	ByEpisodes map[string]int `json:"split_episodes"` // episodes of each part of the split
	Bootstrap  Bootstrap      `json:"bootstrap"`
}

// Split says what was held out.
type Split struct {
	By   string   `json:"by"`
	Test []string `json:"test"`
}

// Bootstrap says how the intervals were made.
type Bootstrap struct {
	Unit      string  `json:"unit"` // what was drawn: "episode" or "window"
	Resamples int     `json:"resamples"`
	Level     float64 `json:"level"` // of confidence
	Seed      uint64  `json:"seed"`
}

// An Estimate is the value of a measure with its confidence intervals. All are null where
// they are not defined.
type Estimate struct {
	Name       string    `json:"name"`
	Value      Number    `json:"value"`
	Percentile [2]Number `json:"percentile"`
	BCa        [2]Number `json:"bca"`
	Resamples  int       `json:"resamples"` // fewer than asked for where they would take long
}

// Interval returns the interval to show: BCa, or percentile where there is no BCa. It is
// NaN where there is none at all.
func (e Estimate) Interval() (low, high float64) {
	if !math.IsNaN(float64(e.BCa[0])) {
		return float64(e.BCa[0]), float64(e.BCa[1])
	}
	return float64(e.Percentile[0]), float64(e.Percentile[1])
}

// A ClassScore is the scores of one class.
type ClassScore struct {
	Class     string     `json:"class"`
	Support   int        `json:"support"`   // windows of the class
	Episodes  int        `json:"episodes"`  // episodes that have such windows
	Predicted int        `json:"predicted"` // windows it was predicted for
	Measures  []Estimate `json:"measures"`
}

// A Bin compares confidence and accuracy: the windows whose highest probability is above
// Low and at most High.
type Bin struct {
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Windows    int     `json:"windows"`
	Confidence float64 `json:"confidence"` // mean highest probability
	Accuracy   float64 `json:"accuracy"`
}

// A Group is the scores of the windows that have something in common.
type Group struct {
	By       string     `json:"by"` // profile, host, sample or phase
	Name     string     `json:"name"`
	Windows  int        `json:"windows"`
	Episodes int        `json:"episodes"`
	Measures []Estimate `json:"measures"`
}

// An Operation is what a detector does at a threshold that was chosen on the validation
// part, and nowhere else.
type Operation struct {
	Budget  float64        `json:"false_alarms_per_hour_allowed"`
	Trigger *alarm.Trigger `json:"threshold"` // null if none keeps to the budget
	Test    *alarm.Outcome `json:"test"`
}

// A Number is a float64 whose NaN is null in JSON.
type Number float64

// MarshalJSON implements [json.Marshaler].
func (n Number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// UnmarshalJSON implements [json.Unmarshaler].
func (n *Number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = Number(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(n))
}

// Find returns the estimate of a measure; false if there is none of the name.
func Find(list []Estimate, name string) (Estimate, bool) {
	for _, e := range list {
		if e.Name == name {
			return e, true
		}
	}
	nan := Number(math.NaN())
	return Estimate{Name: name, Value: nan, Percentile: [2]Number{nan, nan}, BCa: [2]Number{nan, nan}}, false
}

// Value returns the value of a measure; NaN if there is none of the name.
func (m *Metrics) Value(name string) float64 {
	e, _ := Find(m.Measures, name)
	return float64(e.Value)
}

// MetricsFile is the file of an evaluation's artifact that holds the metrics.
const MetricsFile = "metrics.json"

// WriteMetrics writes metrics.json into root.
func WriteMetrics(root *os.Root, m *Metrics) error { return files.WriteJSON(root, MetricsFile, m) }

// ReadMetrics reads metrics.json and makes sure that its tables fit together.
func ReadMetrics(fsys fs.FS) (*Metrics, error) {
	m := &Metrics{}
	if err := files.ReadJSON(fsys, MetricsFile, m); err != nil {
		return nil, err
	}
	n := len(m.Labels)
	ok := len(m.Classes) == n && len(m.Confusion) == n
	for _, row := range m.Confusion {
		ok = ok && len(row) == n
	}
	if !ok {
		return nil, fmt.Errorf("%s: the tables do not fit the %d labels", MetricsFile, n)
	}
	return m, nil
}
