// Package steps lists the kinds of steps that assay has. A kind is a folder
// below; its path is the word after "uses:" in a recipe.
package steps

import (
	"assay/engine/step"
	"assay/steps/average"
	"assay/steps/compare"
	"assay/steps/eval"
	"assay/steps/exec"
	"assay/steps/explain"
	"assay/steps/features"
	"assay/steps/predict"
	"assay/steps/profiles"
	"assay/steps/report"
	"assay/steps/split"
	"assay/steps/synth"
	"assay/steps/train/cnn"
	"assay/steps/train/gbt"
	"assay/steps/train/gru"
	"assay/steps/train/knn"
	"assay/steps/train/logistic"
	"assay/steps/train/lstm"
	"assay/steps/train/mlp"
	"assay/steps/train/rocket"
	"assay/steps/train/transformer"
	"assay/steps/validate"
	"assay/steps/validate/summary"
)

// All returns every kind there is, in the order in which a recipe uses them.
func All() []*step.Kind {
	return []*step.Kind{
		synth.Kind(),
		validate.Kind(),
		summary.Kind(),
		features.Kind(),
		profiles.Kind(),
		split.Kind(),
		gbt.Kind(),
		logistic.Kind(),
		knn.Kind(),
		mlp.Kind(),
		cnn.Kind(),
		gru.Kind(),
		lstm.Kind(),
		transformer.Kind(),
		rocket.Kind(),
		predict.Kind(),
		average.Kind(),
		explain.Kind(),
		eval.Kind(),
		compare.Kind(),
		report.Kind(),
		exec.Kind(),
	}
}
