package onnx

// An attribute is an encoded AttributeProto: a parameter of a node.
type attribute message

// The types of attributes, and the fields of their values.
const (
	typeFloat, fieldFloat     = 1, 2
	typeInt, fieldInt         = 2, 3
	typeFloats, fieldFloats   = 6, 7
	typeInts, fieldInts       = 7, 8
	typeStrings, fieldStrings = 8, 9

	fieldAttributeType = 20
)

// attr begins an attribute.
func attr(name string, kind int64) message {
	var m message
	m.text(1, name)
	m.integer(fieldAttributeType, kind)
	return m
}

func floatAttr(name string, v float32) attribute {
	m := attr(name, typeFloat)
	m.float(fieldFloat, v)
	return attribute(m)
}

func intAttr(name string, v int64) attribute {
	m := attr(name, typeInt)
	m.integer(fieldInt, v)
	return attribute(m)
}

func floatsAttr(name string, list []float32) attribute {
	m := attr(name, typeFloats)
	m.floats(fieldFloats, list)
	return attribute(m)
}

func intsAttr(name string, list ...int64) attribute {
	m := attr(name, typeInts)
	m.integers(fieldInts, list)
	return attribute(m)
}

func textsAttr(name string, list []string) attribute {
	m := attr(name, typeStrings)
	for _, v := range list {
		m.text(fieldStrings, v)
	}
	return attribute(m)
}
