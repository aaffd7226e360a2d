package onnx

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
)

// small is a model of two classes and two trees: a split whose missing values go left, and
// a root alone.
func small() *gbt.Model {
	return &gbt.Model{
		Schema: model.Schema{Features: []string{"a", "b"}, Classes: []string{"x", "y"}, Meaning: "m"},
		Start:  []float32{0.5, 0.25},
		Trees: []gbt.Tree{
			{{Left: 1, Right: 2, Feature: 1, Value: 0.5, MissingLeft: true}, {Value: -1}, {Value: 2}},
			{{Value: 0.25}},
		},
	}
}

// TestTrees reads the file of a small model back.
func TestTrees(t *testing.T) {
	m := small()
	b, err := Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, b)
	if f.imports[""] != 17 || f.imports["ai.onnx.ml"] != 3 || len(f.imports) != 2 {
		t.Errorf("operators %v", f.imports)
	}
	if !slices.Equal(f.input, []string{"N", "2"}) || !slices.Equal(f.output, []string{"N", "2"}) {
		t.Errorf("from %q to %q", f.input, f.output)
	}
	for key, want := range map[string]string{"family": "gbt", "schema": m.Hash(), "classes": "x,y", "features": "a,b",
		"rounds": "1"} {
		if f.notes[key] != want {
			t.Errorf("the note %s is %q, want %q", key, f.notes[key], want)
		}
	}
	got := attributesOf(t, f, "TreeEnsembleRegressor")
	for name, want := range map[string]any{
		"nodes_treeids":                   []int64{0, 0, 0, 1},
		"nodes_nodeids":                   []int64{0, 1, 2, 0},
		"nodes_modes":                     []string{"BRANCH_LT", "LEAF", "LEAF", "LEAF"},
		"nodes_featureids":                []int64{1, 0, 0, 0},
		"nodes_values":                    []float32{0.5, 0, 0, 0},
		"nodes_truenodeids":               []int64{1, 0, 0, 0},
		"nodes_falsenodeids":              []int64{2, 0, 0, 0},
		"nodes_missing_value_tracks_true": []int64{1, 0, 0, 0},
		"target_treeids":                  []int64{0, 0, 1},
		"target_nodeids":                  []int64{1, 2, 0},
		"target_ids":                      []int64{0, 0, 1},
		"target_weights":                  []float32{-1, 2, 0.25},
		"base_values":                     []float32{0.5, 0.25},
		"n_targets":                       int64(2),
	} {
		if !same(t, got[name], want) {
			t.Errorf("%s is not %v", name, want)
		}
	}
	again, err := Encode(m)
	if err != nil || !bytes.Equal(again, b) {
		t.Errorf("other bytes the second time, %v", err)
	}
}

// attributesOf returns the attributes of the one node of an operator.
func attributesOf(t *testing.T, f file, op string) map[string][]field {
	t.Helper()
	if f.ops[op] != 1 {
		t.Fatalf("%d nodes %s", f.ops[op], op)
	}
	out := map[string][]field{}
	for _, n := range f.nodes {
		if string(one(t, n, 4).b) == op {
			for _, a := range all(n, 5) {
				m := parse(t, a.b)
				out[string(one(t, m, 1).b)] = m
			}
		}
	}
	return out
}

// same compares an attribute, its type included, with a Go value.
func same(t *testing.T, m []field, want any) bool {
	t.Helper()
	kind := one(t, m, 20).v
	switch want := want.(type) {
	case int64:
		return kind == 2 && int64(one(t, m, 3).v) == want
	case []float32:
		return kind == 6 && slices.Equal(float32sOf(one(t, m, 7).b), want)
	case []int64:
		var got []int64
		for b := one(t, m, 8).b; len(b) > 0; {
			v, n := binary.Uvarint(b)
			got, b = append(got, int64(v)), b[n:]
		}
		return kind == 7 && slices.Equal(got, want)
	case []string:
		return kind == 8 && slices.Equal(texts(m, 9), want)
	}
	return false
}

// other is a model of a family that has no ONNX form.
type other struct{}

func (other) About() model.About     { return model.About{Family: "knn"} }
func (other) Predict(p, x []float32) {}

// TestEncodeRefuses encodes what it cannot.
func TestEncodeRefuses(t *testing.T) {
	if _, err := Encode(other{}); err == nil || !strings.Contains(err.Error(), `family "knn" has no ONNX form`) {
		t.Error(err)
	}
	m := small()
	m.Features[1] = "b,c"
	if b, err := Encode(m); err == nil || !strings.Contains(err.Error(), `"b,c" holds a comma`) || b != nil {
		t.Error(err)
	}
}

// TestWire compares encodings with those of the manual of Protocol Buffers.
func TestWire(t *testing.T) {
	var m message
	m.integer(1, 150)
	m.text(2, "testing")
	m.integers(6, []int64{3, 270, 86942})
	m.integer(3, -2)
	m.float(4, 1)
	m.floats(5, []float32{1, float32(math.Inf(-1))})
	want := "\x08\x96\x01" + "\x12\x07testing" + "\x32\x06\x03\x8e\x02\x9e\xa7\x05" +
		"\x18\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01" + "\x25\x00\x00\x80\x3f" +
		"\x2a\x08\x00\x00\x80\x3f\x00\x00\x80\xff"
	if string(m) != want {
		t.Errorf("encoded %q, want %q", string(m), want)
	}
}
