// Package onnx writes models as ONNX files, which ONNX Runtime and others predict with.
// Call [Encode].
//
// A file has one input, "x", and one output, "probabilities" [N, K]; N is free. What a
// model does to its inputs (missing values, logarithm, scaling) is part of the graph, so
// that it takes what the model itself takes.
//
// Read graph.go first, which builds a graph node by node; then trees.go, logistic.go, or
// network.go and the files of the families beside it; wire.go is the encoding.
package onnx

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
	"assay/steps/kit/model/logistic"
	"assay/steps/kit/model/nn"
)

// What the files say of themselves. The operators are those of ONNX 1.12, and all nodes
// keep to these versions.
const (
	irVersion = 8  // of the format
	opset     = 17 // of the operators, ai.onnx
	opsetML   = 3  // of those for trees, ai.onnx.ml
	domainML  = "ai.onnx.ml"
	producer  = "assay"

	inputName  = "x"
	outputName = "probabilities"
)

// maxFile is the size in bytes from which protobuf's readers refuse a message.
const maxFile = math.MaxInt32

// Encode returns a model as an ONNX file. The same model makes the same bytes. It fails for
// a family that it does not know, for a model whose parts do not fit each other, and for
// one of 2 GiB or more.
//
// The file's metadata say what the model is: family, schema (the hash), classes and
// features in the order of columns, separated by commas, rounds, and for a model of tensors
// points and hz.
func Encode(m model.Model) ([]byte, error) {
	about := m.About()
	g := newGraph(about.Family)
	g.describe(about)
	switch m := m.(type) {
	case *gbt.Model:
		encodeTrees(g, m)
	case *logistic.Model:
		encodeLogistic(g, m)
	case *nn.Model:
		encodeNetwork(g, networkOf(m))
	default:
		return nil, fmt.Errorf("a model of the family %q has no ONNX form", about.Family)
	}
	return g.encode()
}

// describe adds the metadata of every model.
func (g *graph) describe(about model.About) {
	g.note("family", about.Family)
	g.note("schema", about.Hash())
	g.names("classes", about.Classes)
	g.names("features", about.Features)
	g.note("rounds", strconv.Itoa(about.Rounds))
	if about.Form == model.Tensors {
		g.note("points", strconv.Itoa(about.Points))
		g.note("hz", strconv.FormatFloat(about.Hz, 'g', -1, 64))
	}
}

// names adds a list to the metadata.
func (g *graph) names(key string, list []string) {
	for _, name := range list {
		if strings.Contains(name, ",") {
			g.fail("%.60q holds a comma, which separates the %s in an ONNX file; rename it and train again", name, key)
		}
	}
	g.note(key, strings.Join(list, ","))
}
