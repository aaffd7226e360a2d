// Package explain is the kind "explain": which features boosted trees read, and what each of
// them adds to the margins of windows. Call [Kind]; the mathematics are those of
// steps/kit/model/gbt/shap. Read explain.go first, then write.go.
package explain

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"assay/engine/step"
	"assay/steps/kit/channel"
	"assay/steps/kit/files"
	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
	"assay/steps/kit/model/gbt/shap"
	"assay/steps/kit/model/saved"
	"assay/steps/kit/table"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("explain", "1",
		"Explain boosted trees: importances of features, and SHAP values of windows",
		Params{View: model.Realistic, Part: table.Test, Windows: 1000}, run)
}

// maxWindows bounds the memory: with 6 classes and 230 features, some 110 MB.
const maxWindows = 20_000

// Params are the parameters of the kind.
type Params struct {
	View    model.View `json:"view" oneof:"realistic oracle" doc:"channels the model sees, which it is checked for: as deployed (guest and netflow) or all"`
	Part    table.Part `json:"part" oneof:"test validation" doc:"part of the split whose windows are explained; without a split all windows are"`
	Windows int        `json:"windows" doc:"most windows that are explained, 1 to 20000; of more, that many are taken at even distances"`
	Top     int        `json:"top" doc:"features with a column in shap.parquet, the most important ones; the column others has the sum of the rest; 0 for all"`
}

// Check implements [step.Checker].
func (p *Params) Check() error {
	errs := []error{p.View.Check()}
	if p.Windows < 1 || p.Windows > maxWindows {
		errs = append(errs, fmt.Errorf("windows is %d, want 1 to %d", p.Windows, maxWindows))
	}
	if p.Top < 0 {
		errs = append(errs, fmt.Errorf("top is %d, want 0 (all) or more", p.Top))
	}
	return errors.Join(errs...)
}

// In is what the kind reads.
type In struct {
	Model   fs.FS `doc:"the model of train/gbt, or a source with XGBoost's model.json"`
	Windows fs.FS `doc:"the windows table of features"`
	Split   fs.FS `step:"optional" doc:"the assignment of episodes to parts; without it all windows are explained"`
}

// Out is what the kind writes.
type Out struct {
	Explanation *os.Root `doc:"importances.parquet and .csv, a row for each feature; shap.parquet, a row for each window and class"`
}

// run explains.
func run(ctx context.Context, p Params, in In, out Out) error {
	m, err := open(in.Model)
	if err != nil {
		return err
	}
	e, err := shap.New(m)
	if err != nil {
		return err
	}
	d, rows, x, err := choose(p, in, m.Schema)
	if err != nil {
		return err
	}
	values, err := explain(ctx, e, m, x)
	if err != nil {
		return err
	}
	list := ranked(m, values, len(rows))
	return errors.Join(
		files.Write(out.Explanation, "importances.parquet", list.parquet),
		files.WriteCSV(out.Explanation, "importances.csv", list.csv()),
		writeValues(out.Explanation, p.Top, list, values, d.Windows, rows),
	)
}

// open opens a model of trees.
func open(fsys fs.FS) (*gbt.Model, error) {
	m, err := saved.Open(fsys)
	if err != nil {
		return nil, err
	}
	trees, ok := m.(*gbt.Model)
	if !ok {
		return nil, fmt.Errorf("the model is of family %s, and only trees are explained; connect the model of a step "+
			"train/gbt, or a file model.json of XGBoost", m.About().Family)
	}
	return trees, nil
}

// choose returns the windows to explain: their rows in the table, and what the model reads.
func choose(p Params, in In, s model.Schema) (d *model.Data, rows []int, x []float32, err error) {
	if in.Split == nil {
		d, err = model.ApplyAll(in.Windows, p.View, s)
	} else {
		d, err = model.Apply(in.Windows, in.Split, p.View, s)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	set := d.Test
	if p.Part == table.Validation && in.Split != nil {
		set = d.Validation
	}
	if len(set.Rows) == 0 {
		return nil, nil, nil, fmt.Errorf("no window is in the part %s of the split; hold out some episodes, or choose "+
			"another part", p.Part)
	}
	n, f := min(p.Windows, len(set.Rows)), len(s.Features)
	for i := range n {
		at := i * len(set.Rows) / n
		rows, x = append(rows, set.Rows[at]), append(x, set.X[at*f:(at+1)*f]...)
	}
	return d, rows, x, nil
}

// explainAtOnce is how many windows are explained between two reports.
const explainAtOnce = 64

// explain returns N×K×(F+1) SHAP values, rounded.
func explain(ctx context.Context, e *shap.Explainer, m *gbt.Model, x []float32) ([]float32, error) {
	f, size := len(m.Features), channel.NumPhases*e.Width()
	n := len(x) / f
	values := make([]float32, 0, n*size)
	exact := make([]float64, min(n, explainAtOnce)*size)
	for i := 0; i < n; i += explainAtOnce {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		some := min(n-i, explainAtOnce)
		e.Rows(exact[:some*size], x[i*f:(i+some)*f], step.Cores(ctx))
		for _, v := range exact[:some*size] {
			values = append(values, float32(v))
		}
		step.Report(ctx).Progress(i+some, n)
	}
	return values, nil
}
