package compare

import (
	"fmt"
	"io/fs"
	"os"

	"assay/steps/kit/files"
	"assay/steps/kit/score"
)

// An Entry is one evaluation: a model, trained with one seed, on the test part of a split.
type Entry struct {
	Model, View string
	Split       string
	Seed        string
	Episodes    []score.EpisodeCount
}

// AllSplits is the name of the mean over all splits.
const AllSplits = "all splits"

// A Model is a model of one view.
type Model struct {
	Model string `json:"model"`
	View  string `json:"view"`
}

func (m Model) String() string { return m.Model + ", " + m.View }

// A Score is how good a model is on a split, or on the mean of all.
type Score struct {
	Model
	Split string       `json:"split"`
	Seeds int          `json:"seeds"`
	Mean  score.Number `json:"mean"` // over the seeds
	SD    score.Number `json:"sd"`   // over the seeds; null for one
	Low   score.Number `json:"low"`  // of the confidence interval of the mean, by the episodes
	High  score.Number `json:"high"`
}

// A Pair compares two models on a split, or on the mean of all.
type Pair struct {
	Family     string       `json:"family"` // "models" of one view, or "views" of one model
	A          Model        `json:"a"`
	B          Model        `json:"b"`
	Split      string       `json:"split"`
	Difference score.Number `json:"difference"` // of A's mean to B's
	Low        score.Number `json:"low"`
	High       score.Number `json:"high"`
	P          score.Number `json:"p"`
	Adjusted   score.Number `json:"p_holm"`     // for the pairs of the same family and split
	Effect     score.Number `json:"cohens_d"`   // of the share of right windows, over paired episodes
	Episodes   int          `json:"episodes"`   // that are paired
	Better     string       `json:"better"`     // "a", "b", or "" where the data cannot tell
	Smallest   score.Number `json:"half_width"` // of the interval: about the smallest difference that could be told
}

// A Comparison is the file comparison.json.
type Comparison struct {
	Measure   string          `json:"measure"`
	Lower     bool            `json:"lower_is_better"`
	Bootstrap score.Bootstrap `json:"bootstrap"`
	Splits    []string        `json:"splits"`
	Models    []Model         `json:"models"`
	Scores    []Score         `json:"scores"`
	Pairs     []Pair          `json:"pairs"`
}

// Families of pairs.
const (
	Models = "models"
	Views  = "views"
)

// Score returns the score of a model on a split; nil if there is none.
func (c *Comparison) Score(m Model, split string) *Score {
	for i := range c.Scores {
		if s := &c.Scores[i]; s.Model == m && s.Split == split {
			return s
		}
	}
	return nil
}

// Pair returns the comparison of two models on a split, A being the first; nil if there is
// none.
func (c *Comparison) Pair(a, b Model, split string) *Pair {
	for _, p := range c.Pairs {
		switch {
		case p.Split != split:
		case p.A == a && p.B == b:
			return &p
		case p.A == b && p.B == a:
			p = p.turned()
			return &p
		}
	}
	return nil
}

// Rivals returns the models of the same view that a model is better than on the split of
// its score, and those that the data cannot tell apart from it.
func (c *Comparison) Rivals(s Score) (beaten, level []string) {
	for _, m := range c.Models {
		if m.View != s.View || m == s.Model {
			continue
		}
		switch p := c.Pair(s.Model, m, s.Split); {
		case p == nil:
		case p.Better == "a":
			beaten = append(beaten, m.Model)
		case p.Better == "":
			level = append(level, m.Model)
		}
	}
	return beaten, level
}

// turned returns the pair with its sides exchanged.
func (p Pair) turned() Pair {
	p.A, p.B = p.B, p.A
	p.Difference, p.Effect = -p.Difference, -p.Effect
	p.Low, p.High = -p.High, -p.Low
	p.Better = map[string]string{"a": "b", "b": "a"}[p.Better]
	return p
}

// File is the file of a comparison's artifact.
const File = "comparison.json"

// Write writes comparison.json into root.
func Write(root *os.Root, c *Comparison) error { return files.WriteJSON(root, File, c) }

// Read reads comparison.json.
func Read(fsys fs.FS) (*Comparison, error) {
	c := &Comparison{}
	if err := files.ReadJSON(fsys, File, c); err != nil {
		return nil, err
	}
	if c.Measure == "" || len(c.Models) == 0 {
		return nil, fmt.Errorf("%s: it names no measure or no model", File)
	}
	return c, nil
}
