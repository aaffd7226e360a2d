package gbt

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
)

// foreign returns the models in testdata/foreign, which XGBoost 3.2 made, and the margins that
// it gives eight rows.
func foreign(t testing.TB) (models map[string][]byte, x []float32, margins map[string][]float32) {
	t.Helper()
	read := func(name string) []byte {
		b, err := os.ReadFile("testdata/foreign/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var f struct {
		Rows    []*float32
		Margins map[string][]float32
	}
	if err := json.Unmarshal(read("margins.json"), &f); err != nil {
		t.Fatal(err)
	}
	for _, v := range f.Rows {
		if v == nil {
			x = append(x, float32(math.NaN()))
		} else {
			x = append(x, *v)
		}
	}
	models = map[string][]byte{}
	for name := range f.Margins {
		models[name] = read(name)
	}
	return models, x, f.Margins
}

// TestLoadForeign: deleted nodes, starts for each class, UBJSON, trees side by side, two
// classes by one margin, and a classifier that stopped early.
func TestLoadForeign(t *testing.T) {
	models, x, margins := foreign(t)
	if len(models) != 5 {
		t.Fatalf("%d models", len(models))
	}
	rounds := map[string]int{"pruned.json": 2, "starts.ubj": 1, "forest.json": 4, "binary.json": 2, "stopped.json": 11}
	for name, b := range models {
		m, err := Load(bytes.NewReader(b))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		k, f := len(m.Classes), len(m.Features)
		got := make([]float32, len(x)/f*k)
		for i := range len(x) / f {
			m.Margins(x[i*f:(i+1)*f], got[i*k:(i+1)*k])
		}
		if n := differing(got, margins[name], k); n > 0 || m.Rounds() != rounds[name] || !m.Numbered() {
			t.Errorf("%s: %d of %d margins differ; %d rounds, classes %q", name, n, len(got), m.Rounds(), m.Classes)
		}
		again, err := Load(bytes.NewReader(saved(t, m)))
		if err != nil || !bytes.Equal(saved(t, again), saved(t, m)) {
			t.Errorf("%s: saved and loaded, it is another: %v", name, err)
		}
	}
}

// TestBooster: the file of a Booster that stopped early keeps all its rounds.
func TestBooster(t *testing.T) {
	models, _, _ := foreign(t)
	b := bytes.Replace(models["stopped.json"], []byte(`"scikit_learn"`), []byte(`"another"`), 1)
	m, err := Load(bytes.NewReader(b))
	if err != nil || m.Rounds() != 13 {
		t.Errorf("%v, want 13 rounds", err)
	}
}

func TestLoadForeignRefuses(t *testing.T) {
	models, _, _ := foreign(t)
	for _, c := range []struct{ file, old, new, want string }{
		{"stopped.json", `"best_iteration":"10"`, `"best_iteration":"13"`, `best_iteration is "13", and it has 13 rounds`},
		{"stopped.json", `"best_iteration":"10"`, `"best_iteration":"-1"`, `best_iteration is "-1"`},
		{"pruned.json", `"num_deleted":"10"`, `"num_deleted":"9"`, `it has 10 deleted nodes, and says "9"`},
		{"pruned.json", `"split_indices":[`, `"split_indices":[2147483647,`, "differ in length"},
		{"binary.json", `"[1E-1]"`, `"[1E0]"`, "a probability between 0 and 1"},
		{"binary.json", `"[1E-1]"`, `"[1E-1,2E-1]"`, "want a finite number or a list of 1"},
		{"binary.json", `"[1E-1]"`, `"NaN"`, "want a finite number"},
		{"binary.json", `"num_class":"0"`, `"num_class":"3"`, "num_class"},
		{"forest.json", `"num_parallel_tree":"2"`, `"num_parallel_tree":"0"`, `num_parallel_tree is "0"`},
		{"forest.json", `"num_parallel_tree":"2"`, `"num_parallel_tree":"99"`, "it has 12 trees"},
		{"forest.json", `"num_parallel_tree":"2"`, `"num_parallel_tree":"1"`, "tree 1 is of class 0, want 1"},
		{"forest.json", `"feature_names":["a","b","c"]`, `"feature_names":[]`, "it has no feature_names"},
		{"forest.json", `"num_feature":"3","num_t`, `"num_feature":"4","num_t`, "and it names 3"},
		{"forest.json", `"name":"gbtree"`, `"name":"dart"`, `booster is "dart"`},
		{"forest.json", `"size_leaf_vector":"1"`, `"size_leaf_vector":"3"`, "multi_output_tree"},
		{"forest.json", `"num_target":"1"`, `"num_target":"2"`, "num_target"},
		{"forest.json", `"sum_hessian":[`, `"sum_hessian":[NaN,`, "differ in length"},
		{"forest.json", `"base_weights":[-`, `"base_weights":[-Infinity,-`, "differ in length"},
		{"forest.json", `"multi:softprob"`, `"rank:ndcg"`, "gives no probabilities"},
		{"forest.json", `"version"`, `"weight_drop":[1E0],"version"`, ""},
		{"forest.json", `"name":"gbtree"`, `"name":"gbtree","weight_drop":[5E-1]`, "weight_drop"},
		{"starts.ubj", `feature_names`, `feature_nnnes`, "it has no feature_names"},
	} {
		good := string(models[c.file])
		bad := strings.Replace(good, c.old, c.new, 1)
		if bad == good {
			t.Fatalf("%s: nothing was changed by %s", c.file, c.new)
		}
		_, err := Load(strings.NewReader(bad))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %s: error %v, want one with %q", c.file, c.new, err, c.want)
		}
	}
}

// TestNotFinite: a number that is none, in a place where it changes no shape.
func TestNotFinite(t *testing.T) {
	models, _, _ := foreign(t)
	b := string(models["binary.json"])
	at := strings.Index(b, `"sum_hessian":[`) + len(`"sum_hessian":[`)
	bad := b[:at] + "-Infinity" + b[at+strings.IndexAny(b[at:], ",]"):]
	_, err := Load(strings.NewReader(bad))
	if want := "trees[0].sum_hessian[0] is Infinity, want a finite number"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
}
