// Package steps lists the kinds of steps that assay has. A kind is a folder
// below; its path is the word after "uses:" in a recipe.
package steps

import "assay/engine/step"

// All returns every kind there is.
func All() []*step.Kind {
	return []*step.Kind{}
}
