package gbt

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/model"
)

func saved(t testing.TB, m *Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSaveLoad(t *testing.T) {
	fit, held := train(t, defaults(), 200, 16, 3)
	b := saved(t, fit.Model)
	m, err := Load(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(m, fit.Model) {
		t.Error("the loaded model is another than the saved")
	}
	if !bytes.Equal(saved(t, m), b) {
		t.Error("saved again, the file is another")
	}
	if !reflect.DeepEqual(predict(m, held.X), predict(fit.Model, held.X)) {
		t.Error("the loaded model predicts otherwise")
	}
}

// TestStart saves and loads starts, equal ones and others.
func TestStart(t *testing.T) {
	for _, c := range []struct {
		start []float32
		text  string
	}{
		{[]float32{0.5, 0.5}, `"base_score":"5E-1"`},
		{[]float32{-0.25, 0.1}, `"base_score":"[-2.5E-1,1E-1]"`},
	} {
		leaf := Tree{{Value: 0.25, Weight: 0.25}}
		m := &Model{Schema: model.Schema{Features: []string{"a"}, Classes: []string{"x", "y"}}, Start: c.start, Trees: []Tree{leaf, leaf}}
		b := saved(t, m)
		if !strings.Contains(string(b), c.text) {
			t.Errorf("%s lacks %s", b, c.text)
		}
		got, err := Load(bytes.NewReader(b))
		if err != nil || !reflect.DeepEqual(m, got) {
			t.Errorf("loaded %+v, %v; want %+v", got, err, m)
		}
		margins := make([]float32, 2)
		if m.Margins([]float32{1}, margins); margins[0] != c.start[0]+0.25 || margins[1] != c.start[1]+0.25 {
			t.Errorf("margins %v of starts %v", margins, c.start)
		}
	}
}

// TestLoadFromXGBoost loads a model that Save wrote, XGBoost 3.2 loaded, and
// saved again.
func TestLoadFromXGBoost(t *testing.T) {
	open := func(name string) *Model {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Load(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	ours, theirs := open("testdata/ours.json"), open("testdata/xgboost.json")
	if !reflect.DeepEqual(ours, theirs) {
		t.Error("the model is not what it was before XGBoost had it")
	}
}

func TestLoadRefuses(t *testing.T) {
	p := defaults()
	p.Rounds = 1
	fit, _ := train(t, p, 60, 5, 2)
	good := string(saved(t, fit.Model))
	for _, c := range []struct{ name, old, new, want string }{
		{"not JSON", good, "\x1f\x8b", "not XGBoost JSON"},
		{"empty", good, "", "not XGBoost JSON"},
		{"another document", good, `{"learner": 3}`, "not XGBoost JSON"},
		{"a null", `"loss_changes":[`, `"loss_changes":[null,`, "trees[0].loss_changes[0] is null"},
		{"a null in a text's place", `"base_score":"[`, `"base_score":null,"x":"[`, "learner_model_param.base_score is null"},
		{"no number", `"sum_hessian":[`, `"sum_hessian":[1e0,NaN,`, "differ in length"},
		{"other classes", `"assay_classes":"c0,c1"`, `"assay_classes":"c0"`, "has 1 names, and it has 2 classes"},
		{"a feature renamed", `["f0"`, `["g0"`, "the file was changed"},
		{"another objective", "multi:softprob", "reg:squarederror", "objective"},
		{"another base", `"base_score":"[`, `"base_score":"[1E0,`, "base_score"},
		{"child out of range", `"left_children":[1,`, `"left_children":[100,`, "do not form a tree"},
		{"root as child", `"left_children":[1,`, `"left_children":[0,`, "do not form a tree"},
		{"negative child", `"left_children":[1,`, `"left_children":[-2,`, "do not form a tree"},
		{"cycle", `"right_children":[`, `"right_children":[1,`, "differ in length"},
		{"no such feature", `"split_indices":[`, `"split_indices":[99,`, "differ in length"},
		{"a huge number", `"split_conditions":[`, `"split_conditions":[1E99,`, "not XGBoost JSON"},
		{"a forest", `"num_parallel_tree":"1"`, `"num_parallel_tree":"4"`, "num_parallel_tree"},
		{"class of a tree", `"tree_info":[0,1]`, `"tree_info":[1,0]`, "tree 0 is of class 1"},
		{"categories", `"split_type":[0`, `"split_type":[1`, "categories"},
	} {
		bad := strings.Replace(good, c.old, c.new, 1)
		if bad == good {
			t.Fatalf("%s: nothing was changed", c.name)
		}
		if _, err := Load(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
}

// FuzzLoad looks for bytes that make Load or the model it returns panic.
func FuzzLoad(f *testing.F) {
	p := defaults()
	p.Rounds, p.MaxDepth = 1, 2
	fit, _ := train(f, p, 60, 3, 2)
	good := saved(f, fit.Model)
	f.Add(good)
	f.Add(bytes.ReplaceAll(good, []byte(`"left_children":[1,`), []byte(`"left_children":[2,`)))
	f.Add([]byte(`{"learner":{"gradient_booster":{"model":{"trees":[{}]}}}}`))
	models, _, _ := foreign(f)
	for _, b := range models {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Load(bytes.NewReader(b))
		if err != nil {
			return
		}
		x := make([]float32, (fewRows+1)*len(m.Features))
		if !slices.Equal(predict(m, x), plain(m, x)) {
			t.Error("the forest predicts otherwise than the trees")
		}
		if !json.Valid(saved(t, m)) {
			t.Error("the model saves as something else than JSON")
		}
	})
}
