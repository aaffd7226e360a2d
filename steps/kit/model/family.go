package model

import "os"

// A Model predicts how likely each class is for a window. [assay/steps/kit/model/saved]
// opens one that was saved.
type Model interface {
	// About says what the model reads and what it is.
	About() About

	// Predict fills p with N×K probabilities, row-major, for N inputs in x, each
	// as long as About says. It allocates nothing of its own in steady state.
	Predict(p, x []float32)
}

// About describes what a model reads and how it was made.
type About struct {
	Family string // the word after "train/" in a recipe
	Rounds int    // rounds or epochs of training up to the saved model
	Form   Form
	Points int     // of a window; 0 or 1 for summaries
	Hz     float64 // points a second; 0 for summaries
	Schema
}

// A Form is the shape of the inputs of a model.
type Form uint8

// The forms.
const (
	Summaries Form = iota // F statistics of a window
	Tensors               // points × channels of a window, row-major
)

// A Saver keeps a model in an artifact.
type Saver interface{ SaveTo(root *os.Root) error }

// A Round is the loss after one round of boosting: mean cross-entropy (natural
// logarithm) over the rows of either set, XGBoost's mlogloss.
type Round struct {
	Train      float64 `json:"train"`
	Validation float64 `json:"validation"`
}
