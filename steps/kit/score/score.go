package score

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/files"
	"assay/steps/kit/kernel"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// Metrics are the scores of a model on the test part of a split. They are the
// file metrics.json.
type Metrics struct {
	Model    string `json:"model"`
	View     string `json:"view"`
	Rounds   int    `json:"rounds"`
	Features int    `json:"features"`
	Split    Split  `json:"split"`

	Windows  int     `json:"windows"`
	Episodes int     `json:"episodes"`
	MacroF1  float64 `json:"macro_f1"` // mean F1 of the labels
	Accuracy float64 `json:"accuracy"`
	LogLoss  float64 `json:"mlogloss"` // mean -log p of the true class, p at least 1e-16

	Labels     []string       `json:"labels"`      // classes seen, as truth or as prediction
	Classes    []ClassScore   `json:"per_class"`   // of the labels
	Confusion  [][]int        `json:"confusion"`   // labels × labels; rows are the truth
	ByProfile  []ProfileScore `json:"per_profile"` // in order of name
	Untested   []string       `json:"untested_profiles"`
	ByEpisodes map[string]int `json:"split_episodes"` // episodes of each part of the split
}

// Split says what was held out.
type Split struct {
	By   string   `json:"by"`
	Test []string `json:"test"`
}

// A ProfileScore is the score on the windows of one profile. Its macro F1 is
// over the labels seen in them.
type ProfileScore struct {
	Profile  string  `json:"profile"`
	Windows  int     `json:"windows"`
	Episodes int     `json:"episodes"`
	MacroF1  float64 `json:"macro_f1"`
	Accuracy float64 `json:"accuracy"`
}

// leastP is the smallest probability whose logarithm is taken, XGBoost's.
const leastP = 1e-16

// Score scores the test part of some predictions. w are the windows that were predicted,
// or nil: then the labels of the predictions cannot be checked.
//
// It fails if the test part is empty, if a prediction is of an episode that is in
// another part of the split, since the model may have seen it, if a test episode has no
// prediction, and if the predictions are not of the windows or have other labels.
func Score(p *prediction.Set, a *table.Assignment, w *table.Windows) (*Metrics, error) {
	test, err := prediction.TestPart(p, a, w)
	if err != nil {
		return nil, err
	}
	m := &Metrics{
		Model: p.About.Model, View: p.About.View, Rounds: p.About.Rounds, Features: p.About.Features,
		Split:      Split{By: a.Info.By, Test: slices.Clone(a.Info.Test)},
		Windows:    len(test),
		Untested:   append([]string{}, a.Info.UntestedProfiles...),
		ByEpisodes: map[string]int{},
	}
	for part, n := range a.Info.Episodes {
		m.ByEpisodes[string(part)] = n
	}
	if a.Info.Episodes == nil {
		for _, r := range a.Rows {
			m.ByEpisodes[string(r.Part)]++
		}
	}
	var all Confusion
	loss := 0.0
	for _, r := range test {
		all.Add(r.Phase, r.Predicted)
		loss -= kernel.Log(max(float64(r.P[r.Phase]), leastP))
	}
	m.Episodes = episodes(test)
	m.MacroF1, m.Accuracy, m.LogLoss = all.MacroF1(), all.Accuracy(), loss/float64(len(test))
	m.tabulate(&all)
	m.ByProfile = byProfile(test)
	return m, nil
}

func (m *Metrics) tabulate(c *Confusion) {
	seen := c.Seen()
	for _, k := range seen {
		m.Labels = append(m.Labels, channel.PhaseName(k))
		m.Classes = append(m.Classes, c.Class(k))
		row := make([]int, len(seen))
		for j, other := range seen {
			row[j] = c[k][other]
		}
		m.Confusion = append(m.Confusion, row)
	}
}

func episodes(rows []table.Prediction) int {
	seen := map[table.Key]bool{}
	for _, r := range rows {
		seen[r.Key] = true
	}
	return len(seen)
}

// byProfile scores the episodes of each profile by themselves, in the order of the
// names.
func byProfile(rows []table.Prediction) []ProfileScore {
	groups := map[string][]table.Prediction{}
	for _, r := range rows {
		groups[r.Profile] = append(groups[r.Profile], r)
	}
	var list []ProfileScore
	for name, rows := range groups {
		var c Confusion
		for _, r := range rows {
			c.Add(r.Phase, r.Predicted)
		}
		list = append(list, ProfileScore{
			Profile: name, Windows: len(rows), Episodes: episodes(rows),
			MacroF1: c.MacroF1(), Accuracy: c.Accuracy(),
		})
	}
	slices.SortFunc(list, func(a, b ProfileScore) int { return cmp.Compare(a.Profile, b.Profile) })
	return list
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
