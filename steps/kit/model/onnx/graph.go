package onnx

import (
	"errors"
	"fmt"
)

// A graph is a model under construction. Nodes are added in the order in which they
// compute, as the format wants it; each returns the names of its outputs. Mistakes are
// collected and come out of encode, so that building reads as a formula does.
type graph struct {
	name         string
	ml           bool // uses operators for trees
	nodes        []message
	initializers []message
	known        map[string]bool // names of initializers
	input        message
	output       message
	notes        []message
	errs         []error
}

func newGraph(name string) *graph { return &graph{name: name, known: map[string]bool{}} }

// The types of elements.
const (
	floats32 = 1
	ints64   = 7
	floats64 = 11
)

// note adds an entry to the metadata.
func (g *graph) note(key, value string) {
	var m message
	m.text(1, key)
	m.text(2, value)
	g.notes = append(g.notes, m)
}

// fail keeps a mistake for encode.
func (g *graph) fail(format string, args ...any) {
	g.errs = append(g.errs, fmt.Errorf(format, args...))
}

// node adds a node with one output and returns its name: the operator and the number of
// the node.
func (g *graph) node(op string, inputs []string, attrs ...attribute) string {
	name := fmt.Sprintf("%s_%d", op, len(g.nodes))
	g.add(op, inputs, []string{name}, attrs...)
	return name
}

// add adds a node with named outputs. An empty name stands for one that is left out.
func (g *graph) add(op string, inputs, outputs []string, attrs ...attribute) {
	g.addOf("", op, inputs, outputs, attrs...)
}

// addOf is add for the operators of another domain.
func (g *graph) addOf(domain, op string, inputs, outputs []string, attrs ...attribute) {
	var m message
	for _, in := range inputs {
		m.text(1, in)
	}
	for _, out := range outputs {
		m.text(2, out)
	}
	m.text(3, fmt.Sprintf("%s_%d", op, len(g.nodes)))
	m.text(4, op)
	for _, a := range attrs {
		m.bytes(5, a)
	}
	if domain != "" {
		m.text(7, domain)
	}
	g.ml = g.ml || domain == domainML
	g.nodes = append(g.nodes, m)
}

// reads declares the input, N × shape, and returns its name.
func (g *graph) reads(shape ...int) string {
	g.input = value(inputName, shape)
	return inputName
}

// answers makes the output, N × classes: the softmax of logits of that shape.
func (g *graph) answers(logits string, classes int) {
	g.output = value(outputName, []int{classes})
	g.add("Softmax", []string{logits}, []string{outputName}, intAttr("axis", -1))
}

// value describes the type of an input or output of float32.
func value(name string, shape []int) message {
	var n, dims message
	n.text(2, "N") // a name instead of a number is a size that is free
	dims.bytes(1, n)
	for _, d := range shape {
		var dim message
		dim.integer(1, int64(d))
		dims.bytes(1, dim)
	}
	var tensor, kind, m message
	tensor.integer(1, floats32)
	tensor.bytes(2, dims)
	kind.bytes(1, tensor)
	m.text(1, name)
	m.bytes(2, kind)
	return m
}

// encode returns the file.
func (g *graph) encode() ([]byte, error) {
	if err := errors.Join(g.errs...); err != nil {
		return nil, err
	}
	var body message
	for _, n := range g.nodes {
		body.bytes(1, n)
	}
	body.text(2, g.name)
	for _, t := range g.initializers {
		body.bytes(5, t)
	}
	body.bytes(11, g.input)
	body.bytes(12, g.output)
	var m message
	m.integer(1, irVersion)
	m.text(2, producer)
	m.bytes(7, body)
	m.bytes(8, operators("", opset))
	if g.ml {
		m.bytes(8, operators(domainML, opsetML))
	}
	for _, n := range g.notes {
		m.bytes(14, n)
	}
	if len(m) > maxFile {
		return nil, fmt.Errorf("the ONNX file would have %d bytes; the format allows %d", len(m), maxFile)
	}
	return m, nil
}

// operators says which version of which operators the graph uses.
func operators(domain string, version int64) message {
	var m message
	m.text(1, domain)
	m.integer(2, version)
	return m
}
