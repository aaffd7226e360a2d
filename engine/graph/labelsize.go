package graph

import (
	"assay/engine/recipe"
)

// The labels of a node, axis by axis, are the name of a folder among the inputs of a
// step and below "outputs:". File names have at most 255 bytes.
const (
	maxLabel  = 200 // bytes of one label
	maxLabels = 255 // bytes of "axis=label,axis=label"
)

const shortValues = "use a short value, such as a number or a name, and put the long text into a file or a parameter"

// tooLong reports a value whose label is too long to be part of a folder's name.
func (b *builder) tooLong(pos recipe.Pos, axis, label string) bool {
	if len(label) <= maxLabel {
		return false
	}
	b.ms.Add(pos, shortValues, "axis %s: a value has a label of %d bytes, which is part of the names of folders; at most "+
		"%d are allowed", axis, len(label), maxLabel)
	return true
}

// tooLongInAll reports a step with a point whose labels together are too long.
func (b *builder) tooLongInAll(s *builtStep) bool {
	for _, p := range s.points {
		size := len(p) - 1 // commas
		for _, c := range p {
			size += len(c.axis) + len("=") + len(c.label)
		}
		if size > maxLabels {
			b.ms.Add(s.recipe.Matrix.Pos, shortValues, "step %s: the labels of one of its nodes take %d bytes "+
				"together, and are the name of a folder; at most %d are allowed", s.recipe.Name, size, maxLabels)
			return true
		}
	}
	return false
}
