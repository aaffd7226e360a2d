package model

import "os"

// A Model says of windows how likely each class is. [assay/steps/kit/model/saved]
// opens one that was kept.
type Model interface {
	// About says what the model reads and what it is.
	About() About

	// Predict fills p with N×K probabilities, row-major, for N inputs in x, each
	// as long as About says. It allocates nothing of its own in steady state.
	Predict(p, x []float32)
}

// About is what a model reads and how it came about.
type About struct {
	Family string // the word after "train/" in a recipe
	Rounds int    // rounds or epochs that the kept model took
	Form   Form
	Schema
}

// A Form is the form of a model's inputs.
type Form uint8

// The forms.
const (
	Summaries Form = iota // F statistics of a window
	Tensors               // channels × points of a window, row-major
)

// A Saver keeps a model in an artifact.
type Saver interface{ SaveTo(root *os.Root) error }

// A Round is what one round of boosting came to: mean cross-entropy (natural
// logarithm) over the rows of either set, XGBoost's mlogloss.
type Round struct {
	Train      float64 `json:"train"`
	Validation float64 `json:"validation"`
}
