// Package scores reads the evaluations that a state of a recipe made, out of the store.
//
// Call [Read]; [Evaluation.Entry] is what comparisons are made from. [NewTable] makes
// the headline of them: models, splits and views.
package scores

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/steps/kit/compare"
	"assay/steps/kit/score"
)

// An Evaluation is the artifact of a model's scores on the test part of a split.
type Evaluation struct {
	Artifact string // "eval[hold=sample,view=oracle].report"
	Digest   artifacts.Digest
	Step     string
	Split    string // by the labels of the node, without view and model: "sample seed=1"
	Place    string // Split without the seed
	Seed     string
	*score.Metrics

	files fs.FS
}

// Missing is an evaluation that cannot be read.
type Missing struct {
	Artifact string `json:"artifact"`
	Digest   string `json:"digest"`
	Why      string `json:"why"`
}

// Read returns the evaluations among the artifacts of a lock, in the lock's order. An
// artifact is one if it has a metrics.json that eval could have written. What is not in
// the store, or was made by a version of eval that this one cannot read, is missing.
func Read(st *store.Store, lock *artifacts.Lock) (list []*Evaluation, missing []Missing) {
	for _, a := range lock.Artifacts {
		e, err := read(st, a)
		if err != nil {
			missing = append(missing, Missing{a.Name, a.Digest.String(), err.Error()})
		} else if e != nil {
			list = append(list, e)
		}
	}
	return list, missing
}

var errGone = errors.New("not in the store")

// read returns the evaluation that an artifact is; nil if it is something else. Of an
// artifact that is gone, only the kind says what it was.
func read(st *store.Store, a artifacts.LockedArtifact) (*Evaluation, error) {
	kind, _, _ := strings.Cut(a.Kind, "@")
	certain := kind == "eval"
	e, err := open(st, a)
	switch {
	case err == nil || certain:
		return e, err
	case errors.Is(err, errNone), errors.Is(err, errGone):
		return nil, nil
	}
	return nil, err
}

var errNone = errors.New("it has no metrics that this version of assay can read")

func open(st *store.Store, a artifacts.LockedArtifact) (*Evaluation, error) {
	if !st.Whole(a.Digest, false) {
		return nil, errGone
	}
	tree, err := st.ReadTree(a.Digest)
	if err != nil {
		return nil, errGone
	}
	d, ok := tree.Lookup(score.MetricsFile)
	if !ok {
		return nil, errNone
	}
	if !st.Whole(d, false) {
		return nil, errGone
	}
	files := st.FS(tree)
	m, err := score.ReadMetrics(files)
	if err != nil {
		return nil, fmt.Errorf("%w (%s): %w", errNone, a.Kind, err)
	}
	if m.Model == "" || len(m.Measures) == 0 {
		return nil, fmt.Errorf("%w (%s)", errNone, a.Kind)
	}
	e := &Evaluation{Artifact: a.Name, Digest: a.Digest, Metrics: m, files: files}
	e.name()
	return e, nil
}

// Entry returns what the episodes contribute, as an entry that can be compared.
func (e *Evaluation) Entry() (compare.Entry, error) {
	rows, err := score.ReadEpisodes(e.files)
	if err != nil {
		return compare.Entry{}, err
	}
	return compare.Entry{Model: e.Model, View: e.View, Split: e.Place, Seed: e.Seed, Episodes: rows}, nil
}

// name finds step, split and seed in the name of the artifact.
func (e *Evaluation) name() {
	step, labels := Node(e.Artifact)
	e.Step = step
	var place []string
	for _, l := range labels {
		axis, value, ok := strings.Cut(l, "=")
		switch {
		case axis == "view" || axis == "model":
		case axis == "seed":
			e.Seed = value
		case ok && (axis == "hold" || axis == "split"):
			place = append(place, value)
		default:
			place = append(place, l)
		}
	}
	e.Place = strings.Join(place, " ")
	if e.Place == "" {
		e.Place = strings.TrimSpace(e.Metrics.Split.By + " " + strings.Join(first(e.Metrics.Split.Test, 3), ", "))
	}
	if e.Split = e.Place; e.Seed != "" {
		e.Split += " seed=" + e.Seed
	}
}

// first returns at most n items, and a mark if there are more.
func first(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	return append(list[:n:n], "…")
}

// Node returns the step and the labels in the name of a node or of one of its outputs:
// "gbt" and "view=oracle" of "gbt[view=oracle].model".
func Node(name string) (step string, labels []string) {
	from, to := strings.IndexByte(name, '['), strings.LastIndexByte(name, ']')
	if from < 0 || to < from {
		step, _, _ = strings.Cut(name, ".")
		return step, nil
	}
	return name[:from], strings.Split(name[from+1:to], ",")
}
