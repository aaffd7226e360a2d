// Package shap explains boosted trees. Call [New] for an [Explainer], whose [Explainer.Rows]
// gives the SHAP values of rows, and [Importances] for what the splits of a model gained.
//
// SHAP values are the path-dependent ones of TreeSHAP (Lundberg, Erion and Lee, "Consistent
// Individualized Feature Attribution for Tree Ensembles", 2018, Algorithm 2), which XGBoost
// calls pred_contribs: the Shapley values of the game in which a feature that is not known
// goes to both sides of a split, in the shares of the training rows that did. They are
// computed leaf by leaf (Mitchell, Frank and Holmes, "GPUTreeShap", 2022), which is the same
// sum in another order. Read paths.go first, then row.go.
package shap

import (
	"sync"
	"sync/atomic"

	"assay/steps/kit/model/gbt"
)

// An Explainer is a model made ready. Several goroutines may use it at once.
type Explainer struct {
	features, classes int
	paths             []path
	parts             []part
	steps             []step
	bias              []float64 // K: the expected margin of each class
}

// New makes an explainer. It fails if a tree has more than [MaxDepth] splits from root to
// leaf, or if all paths together are longer than memory should hold.
func New(m *gbt.Model) (*Explainer, error) {
	e := &Explainer{features: len(m.Features), classes: len(m.Classes)}
	for _, v := range m.Start {
		e.bias = append(e.bias, float64(v))
	}
	for i, t := range m.Trees {
		if err := e.add(t, i%e.classes); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// Width returns the number of values of a row and class: one for each of F features, and the
// bias behind them.
func (e *Explainer) Width() int { return e.features + 1 }

// Rows sets phi, N×K×(F+1), to the SHAP values of N×F features x, in the unit of margins. The
// values of a row and class sum up to its margin, but for rounding. The same rows give the
// same bits for any number of workers.
func (e *Explainer) Rows(phi []float64, x []float32, workers int) {
	f, size := e.features, e.classes*e.Width()
	n := len(x) / f
	var next atomic.Int64
	var all sync.WaitGroup
	for range max(1, min(workers, n)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				e.row(phi[i*size:(i+1)*size], x[i*f:(i+1)*f])
			}
		})
	}
	all.Wait()
}
