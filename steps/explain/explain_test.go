package explain

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/channel"
	"assay/steps/kit/files"
	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
	"assay/steps/kit/parquet"
	"assay/steps/kit/table"
)

const features = 4

// names are of features that are seen where the model is deployed.
func names() []string {
	hidden := func(f string) bool { return !channel.Deployed(f) }
	return slices.DeleteFunc(channel.FeatureNames(), hidden)[:features]
}

// windows are ten of two episodes, the second of which is the test part.
func windows(t *testing.T) (table.Assignment, fs.FS) {
	t.Helper()
	var b bytes.Buffer
	w := table.NewWindowsWriter(&b, names(), "s")
	a := table.Assignment{}
	for e, part := range []table.Part{table.Validation, table.Test} {
		key := table.Key{Host: "h", Episode: "e" + strconv.Itoa(e)}
		a.Rows = append(a.Rows, table.AssignmentRow{Key: key, Part: part, Boot: key.Episode})
		var x []float32
		for i := range 10 * features {
			x = append(x, float32((i*7+e)%11))
		}
		x[2] = float32(math.NaN())
		center := []float64{5, 10, 15, 20, 25, 30, 35, 40, 45, 50}
		if err := w.Append(table.EpisodeRef{Key: key}, center, make([]int32, 10), x); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return a, fstest.MapFS{"windows.parquet": {Data: b.Bytes()}}
}

func split(t *testing.T, a table.Assignment) fs.FS {
	t.Helper()
	var b, info bytes.Buffer
	if err := table.WriteAssignment(&b, a.Rows); err != nil {
		t.Fatal(err)
	}
	if err := files.EncodeJSON(&info, table.SplitInfo{By: "boot"}); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{table.AssignmentFile: {Data: b.Bytes()}, table.SplitInfoFile: {Data: info.Bytes()}}
}

// trees is a model in which the third feature matters to one class, the first a little to all.
func trees() *gbt.Model {
	m := &gbt.Model{Schema: model.Schema{Features: names(), Classes: channel.Phases(), Meaning: "s"},
		Start: []float32{0.5, 0.5, 0.5, 0, 0, 0}}
	for k := range channel.NumPhases {
		feature, leaf := int32(0), float32(0.25)
		if k == 2 {
			feature, leaf = 2, 4
		}
		m.Trees = append(m.Trees, gbt.Tree{
			{Left: 1, Right: 2, Feature: feature, Value: 5, MissingLeft: true, Gain: 7, Hessian: 4},
			{Value: leaf, Hessian: 1}, {Value: -leaf, Hessian: 3},
		})
	}
	return m
}

func savedTrees(t *testing.T) fs.FS {
	t.Helper()
	root := folder(t)
	if err := trees().SaveTo(root); err != nil {
		t.Fatal(err)
	}
	return root.FS()
}

func folder(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// execute runs the kind with some parameters changed.
func execute(t *testing.T, in In, change func(p *Params)) (fs.FS, error) {
	t.Helper()
	k, out := Kind(), folder(t)
	p := k.Params().(*Params)
	p.View = model.Realistic
	change(p)
	inputs := step.Inputs{"model": {{FS: in.Model}}, "windows": {{FS: in.Windows}}}
	if in.Split != nil {
		inputs["split"] = []step.Input{{FS: in.Split}}
	}
	return out.FS(), k.Run(t.Context(), p, inputs, step.Outputs{"explanation": out})
}

// A row is one of shap.parquet, as far as it is read.
type row struct {
	episode, class        string
	center                float64
	margin, bias          float32
	third, first, another float32
}

func readValues(t *testing.T, fsys fs.FS, another string) []row {
	t.Helper()
	p, err := parquet.Open(fsys, "shap.parquet")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	texts := parquet.NewTexter()
	rows, err := parquet.ReadAll(nil, p, []parquet.Column[row]{
		parquet.TextColumn("episode_id", texts, func(r *row) *string { return &r.episode }),
		parquet.TextColumn("class", texts, func(r *row) *string { return &r.class }),
		parquet.NumberColumn("t_center_s", func(r *row) *float64 { return &r.center }),
		parquet.FloatColumn("margin", func(r *row) *float32 { return &r.margin }),
		parquet.FloatColumn("bias", func(r *row) *float32 { return &r.bias }),
		parquet.FloatColumn(names()[2], func(r *row) *float32 { return &r.third }),
		parquet.FloatColumn(names()[0], func(r *row) *float32 { return &r.first }),
		parquet.FloatColumn(another, func(r *row) *float32 { return &r.another }),
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestExplain explains the test part, and all windows without a split.
func TestExplain(t *testing.T) {
	a, w := windows(t)
	in := In{Model: savedTrees(t), Windows: w, Split: split(t, a)}
	out, err := execute(t, in, func(p *Params) { p.Top = 2 })
	if err != nil {
		t.Fatal(err)
	}
	rows := readValues(t, out, "others")
	if len(rows) != 10*channel.NumPhases {
		t.Fatalf("%d rows", len(rows))
	}
	for i, r := range rows {
		k := i % channel.NumPhases
		if r.episode != "e1" || r.class != channel.PhaseName(k) || r.center != float64(5+i/channel.NumPhases*5) {
			t.Fatalf("row %d is %+v", i, r)
		}
		if (r.third != 0) != (k == 2) || (r.first != 0) == (k == 2) || r.another != 0 {
			t.Errorf("row %d is %+v", i, r)
		}
		if sum := r.bias + r.third + r.first; math.Abs(float64(sum-r.margin)) > 1e-6 {
			t.Errorf("row %d: %v is not the margin %v", i, sum, r.margin)
		}
		if want := trees().Start[k] - 0.125; k != 2 && r.bias != want {
			t.Errorf("row %d: bias %v, want %v", i, r.bias, want)
		}
	}
	checkRanking(t, out)
	in.Split = nil
	if out, err = execute(t, in, func(p *Params) { p.Windows = 5 }); err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, r := range readValues(t, out, names()[3]) {
		seen = append(seen, r.episode+" "+strconv.Itoa(int(r.center)))
	}
	if seen = slices.Compact(seen); !slices.Equal(seen, []string{"e0 5", "e0 25", "e0 45", "e1 15", "e1 35"}) {
		t.Errorf("explained %q, want every fourth window", seen)
	}
}

func checkRanking(t *testing.T, out fs.FS) {
	t.Helper()
	b, err := fs.ReadFile(out, "importances.csv")
	if err != nil {
		t.Fatal(err)
	}
	list, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil || len(list) != features+1 {
		t.Fatalf("%d lines, %v", len(list), err)
	}
	if list[1][0] != names()[2] || list[2][0] != names()[0] || list[2][2] != "5" || list[2][3] != "7" || list[2][6] != "20" {
		t.Errorf("ranking %q", list)
	}
	p, err := parquet.Open(out, "importances.parquet")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rows, err := parquet.ReadAll(nil, p, []parquet.Column[importance]{
		parquet.NumberColumn("shap_infecting", func(r *importance) *float64 { return &r.Infecting }),
	})
	if err != nil || len(rows) != features || number(rows[0].Infecting) != list[1][9] || rows[0].Infecting == 0 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// TestExplainRefuses explains what cannot be.
func TestExplainRefuses(t *testing.T) {
	a, w := windows(t)
	none := a
	none.Rows = slices.Clone(a.Rows)
	none.Rows[1].Part = table.Train
	other := fstest.MapFS{"logistic.json": {Data: []byte("{}")}}
	for want, in := range map[string]In{
		"no window is in the part test of the split": {savedTrees(t), w, split(t, none)},
		"logistic.json": {other, w, nil},
	} {
		if _, err := execute(t, in, func(*Params) {}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	for want, change := range map[string]func(p *Params){
		"windows is 0, want 1 to 20000":     func(p *Params) { p.Windows = 0 },
		"top is -1, want 0 (all)":           func(p *Params) { p.Top = -1 },
		"windows is 20001, want 1 to 20000": func(p *Params) { p.Windows = 20_001 },
		`view is "both"`:                    func(p *Params) { p.View = "both" },
	} {
		p := Kind().Params().(*Params)
		change(p)
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
