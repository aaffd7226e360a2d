package knn

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/model/safetensors"
)

// saved returns the files of a model.
func saved(t testing.TB, m *Model) fstest.MapFS {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := m.SaveTo(root); err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, name := range []string{File, RowsFile} {
		b, err := fs.ReadFile(root.FS(), name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: b}
	}
	return out
}

func small(t testing.TB) *Model {
	return fitted(t, Params{3, Distance}, 4, 2, newSample(2, 4, kinds["missing"]).set(9, 2))
}

func TestSaved(t *testing.T) {
	s := newSample(21, 80, kinds["heavy tails"])
	m := fitted(t, Params{7, Distance}, 80, 3, s.set(500, 3))
	got, err := Open(saved(t, m))
	if err != nil {
		t.Fatal(err)
	}
	if a := got.About(); a.Family != "knn" || a.Hash() != m.Hash() || got.Rows() != 500 || got.Params != m.Params {
		t.Errorf("about %+v, %d rows, %+v", a, got.Rows(), got.Params)
	}
	x := s.rows(70)
	p, want := make([]float32, 210), make([]float32, 210)
	got.Predict(p, x)
	m.Predict(want, x)
	if !slices.Equal(p, want) {
		t.Error("a saved model predicts otherwise")
	}
}

// change returns the files with a tensor changed.
func change(t *testing.T, files fstest.MapFS, do func([]safetensors.Tensor) []safetensors.Tensor) fstest.MapFS {
	t.Helper()
	list, err := safetensors.Read(bytes.NewReader(files[RowsFile].Data), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := safetensors.Write(&b, do(list)); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{File: files[File], RowsFile: &fstest.MapFile{Data: b.Bytes()}}
}

func TestOpenRefuses(t *testing.T) {
	files := saved(t, small(t))
	set := func(tensor, at int, v float32) fstest.MapFS {
		return change(t, files, func(list []safetensors.Tensor) []safetensors.Tensor {
			list[tensor].Data[at] = v
			return list
		})
	}
	said := func(key string, v any) fstest.MapFS {
		var d map[string]any
		if err := json.Unmarshal(files[File].Data, &d); err != nil {
			t.Fatal(err)
		}
		d[key] = v
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return fstest.MapFS{File: &fstest.MapFile{Data: b}, RowsFile: files[RowsFile]}
	}
	for want, bad := range map[string]fstest.MapFS{
		"neighbours.json: ":                            {File: {Data: []byte("{")}},
		"the format is 2, this assay reads 1":          said("format", 2),
		"k is 0, want 1 to 1000":                       said("params", Params{0, Uniform}),
		`weights is "", want uniform or distance`:      said("params", Params{1, ""}),
		"at most 16777216 rows":                        said("rows", 1<<40),
		"needs rows and columns, got -1":               said("rows", -1),
		"it has 0 classes, want 1":                     said("classes", []string{}),
		"it was edited or damaged; train again":        said("classes", []string{"a", "b"}),
		"neighbours.safetensors: open":                 {File: files[File]},
		"not a safetensors file":                       {File: files[File], RowsFile: {Data: []byte("x")}},
		"tensor rows has the shape [9 4], want":        said("rows", 8),
		"column 1 is not a finite number":              set(0, 1, nan),
		"column 2 is not a finite number, or below 0":  set(1, 2, -1),
		"the directions are not orthonormal":           set(2, 0, 2),
		"value 5 of the rows is NaN":                   set(3, 5, nan),
		"value 6 of the rows is 2e+06":                 set(3, 6, 2e6),
		"the class of row 8 is 2, want one of 0 to 1":  set(4, 8, 2),
		"the class of row 0 is 0.5, want one of 0 to":  set(4, 0, 0.5),
		"the class of row 1 is NaN, want one of 0 to ": set(4, 1, nan),
		"it has 4 tensors, want 5":                     change(t, files, func(l []safetensors.Tensor) []safetensors.Tensor { return l[:4] }),
	} {
		if _, err := Open(bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// No numbers of a file that is accepted make a search miss a neighbour.
func TestDirectionsDecideNothing(t *testing.T) {
	s := newSample(31, 12, kinds["heavy tails"])
	files := saved(t, fitted(t, Params{4, Uniform}, 12, 2, s.set(300, 2)))
	x := s.rows(40)
	for name, d := range map[string][]float32{"zeros": make([]float32, 144), "columns": identity(12), "halves": halves(12)} {
		m, err := Open(change(t, files, func(list []safetensors.Tensor) []safetensors.Tensor {
			list[2].Data = d
			return list
		}))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		compare(t, m, x)
	}
}

func identity(n int) []float32 {
	d := make([]float32, n*n)
	for i := range n {
		d[i*n+i] = 1
	}
	return d
}

// halves are directions of half of the space, a little skew.
func halves(n int) []float32 {
	d := identity(n)
	clear(d[n*n/2:])
	d[1] = mostSkew / 4
	return d
}

func FuzzOpen(f *testing.F) {
	files := saved(f, small(f))
	f.Add(files[File].Data, files[RowsFile].Data)
	one := saved(f, fitted(f, Params{1, Uniform}, 1, 1, newSample(2, 1, nil).set(1, 1)))
	f.Add(one[File].Data, one[RowsFile].Data)
	f.Fuzz(func(t *testing.T, about, rows []byte) {
		m, err := Open(fstest.MapFS{File: {Data: about}, RowsFile: {Data: rows}})
		if err != nil {
			return
		}
		x, p := make([]float32, len(m.Features)), make([]float32, len(m.Classes))
		x[0] = 1
		m.Predict(p, x)
		sum := 0.0
		for _, v := range p {
			sum += float64(v)
		}
		if math.Abs(sum-1) > 1e-4 {
			t.Errorf("probabilities %v", p)
		}
		compare(t, m, x)
	})
}
