package live

import "encoding/json"

// The types of events that programs may post.
const (
	TypeWindow     = "telemetry_window"
	TypePrediction = "window_prediction"
	TypeMetric     = "model_metric"
	TypeConfusion  = "confusion_matrix"
	TypePerf       = "model_perf"
	TypeProfile    = "attack_profile"
)

// TypeRun is the type of the events that the server itself makes of a run.
const TypeRun = "run_graph"

// Posted returns the types that programs may post.
func Posted() []string {
	return []string{TypeWindow, TypePrediction, TypeMetric, TypeConfusion, TypePerf, TypeProfile}
}

// Types returns all types, each of which has a schema.
func Types() []string { return append(Posted(), TypeRun) }

// An Event is one that keeps to its schema.
type Event struct {
	Type string
	Key  string // what it is about; a newer event of the same key replaces it. "" if none does
	JSON []byte // one line
}

// A Window is what was measured in one window of an episode.
type Window struct {
	Type     string              `json:"type"`
	Host     string              `json:"host"`
	Episode  string              `json:"episode"`
	Profile  string              `json:"profile,omitempty"`
	Split    string              `json:"split,omitempty"`
	T        float64             `json:"t_s"`      // the centre, in seconds since the episode's first label
	Span     float64             `json:"window_s"` // how long the window is
	Phase    string              `json:"phase,omitempty"`
	Number   int                 `json:"n"`  // the window's number in the episode, from 1
	Of       int                 `json:"of"` // how many windows the episode has
	Channels map[string]*float64 `json:"channels"`
}

// A Prediction is what a model says of one window.
type Prediction struct {
	Type      string             `json:"type"`
	Model     string             `json:"model"`
	View      string             `json:"view,omitempty"`
	Split     string             `json:"split,omitempty"`
	Host      string             `json:"host"`
	Episode   string             `json:"episode"`
	T         float64            `json:"t_s"`
	Phase     string             `json:"phase,omitempty"` // the truth
	Predicted string             `json:"predicted"`
	P         map[string]float64 `json:"p"` // probability of each phase
}

// A Metric is the value of one measure of a model.
type Metric struct {
	Type     string   `json:"type"`
	Model    string   `json:"model"`
	Value    *float64 `json:"value"`
	Metric   string   `json:"metric,omitempty"`
	View     string   `json:"view,omitempty"`
	Split    string   `json:"split,omitempty"`
	Low      *float64 `json:"low,omitempty"`
	High     *float64 `json:"high,omitempty"`
	Level    float64  `json:"level,omitempty"` // confidence of the interval
	Windows  int      `json:"windows,omitempty"`
	Episodes int      `json:"episodes,omitempty"`
}

// A Confusion counts windows: rows are the truth, columns what was predicted.
type Confusion struct {
	Type   string   `json:"type"`
	Model  string   `json:"model"`
	View   string   `json:"view,omitempty"`
	Split  string   `json:"split,omitempty"`
	Labels []string `json:"labels"`
	Counts [][]int  `json:"counts"`
}

// A Perf is what a prediction costs, measured where and when the event was made.
type Perf struct {
	Type     string   `json:"type"`
	Model    string   `json:"model"`
	Latency  float64  `json:"latency_us"` // of one window, the median
	Accuracy *float64 `json:"accuracy"`   // share of the test windows; null if unknown
	View     string   `json:"view,omitempty"`
	Split    string   `json:"split,omitempty"`
	Tail     float64  `json:"p95_us,omitempty"`
	Batch    int      `json:"batch,omitempty"`    // windows in a batch
	BatchUS  float64  `json:"batch_us,omitempty"` // microseconds per window of a batch
	Measured int      `json:"measured,omitempty"` // how many windows were timed
	Machine  string   `json:"machine,omitempty"`
}

// A Profile is how an attack looks in one channel.
type Profile struct {
	Type  string     `json:"type"`
	Name  string     `json:"name"`
	Shape string     `json:"shape"` // in words
	Curve []*float64 `json:"curve"`
}

// A Run is how far a run of a recipe is.
type Run struct {
	Type    string    `json:"type"`
	ID      string    `json:"run"`
	Recipe  string    `json:"recipe"`
	Outcome string    `json:"outcome"`
	Began   string    `json:"began"`     // RFC 3339
	Seconds float64   `json:"elapsed_s"` // since then, or until it ended
	Jobs    int       `json:"jobs"`
	Steps   []RunStep `json:"steps"`
	Edges   [][2]int  `json:"edges"` // indices of steps: from, to
}

// A RunStep is what became of the nodes of a step.
type RunStep struct {
	Name    string `json:"name"`
	Layer   int    `json:"layer"` // the longest way from a step that reads no other
	Nodes   int    `json:"nodes"`
	Done    int    `json:"done"`    // of the nodes
	Running int    `json:"running"` // of the nodes
	Failed  int    `json:"failed"`  // of the nodes, with those that are blocked
	Cached  int    `json:"cached"`  // of those that are done
	Actions int    `json:"actions"` // of all nodes that began, 0 before that
	Acted   int    `json:"acted"`   // of the actions
}

// Encode makes an event of one of the structs above. It fails on one that its schema refuses.
func Encode(v any) (Event, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return Event{}, err
	}
	return one(b, Types())
}
