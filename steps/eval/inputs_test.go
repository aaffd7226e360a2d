package eval

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// evaluate runs the kind and returns its warnings.
func evaluate(t *testing.T, in map[string]fs.FS) (string, error) {
	t.Helper()
	k, heard := Kind(), &warnings{}
	inputs := step.Inputs{}
	for name, fsys := range in {
		inputs[name] = []step.Input{{FS: fsys}}
	}
	err := k.Run(step.WithSink(context.Background(), heard), k.Params(), inputs, step.Outputs{"report": dir(t)})
	return strings.Join(heard.list, "\n"), err
}

// TestInputs are predictions that others made.
func TestInputs(t *testing.T) {
	for name, want := range map[string]string{
		"predictions-whole":      "",
		"predictions-tie":        "",
		"predictions-twice":      "rows 0 and 12 (the first is 0) are both of the window at 5 s of episode e0 of host h1",
		"predictions-null-phase": "predictions.parquet: row 1 (the first is 0), column phase: null where a value is needed",
	} {
		said, err := evaluate(t, map[string]fs.FS{"predictions": os.DirFS("testdata/" + name), "split": os.DirFS("testdata/assignment")})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
		if err == nil && !strings.Contains(said, "the labels and the list of windows are taken from the predictions") {
			t.Errorf("%s: no warning that the labels are unchecked: %q", name, said)
		}
	}
}

// whole are the good predictions of testdata and what they are of.
func whole(t *testing.T) (*prediction.Set, *table.Assignment) {
	t.Helper()
	p, err := prediction.Read(os.DirFS("testdata/predictions-whole"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := table.ReadAssignment(os.DirFS("testdata/assignment"))
	if err != nil {
		t.Fatal(err)
	}
	return p, a
}

// windowsOf is a windows table of which rows are predictions.
func windowsOf(t *testing.T, rows []table.Prediction) fstest.MapFS {
	t.Helper()
	var b bytes.Buffer
	w := table.NewWindowsWriter(&b, []string{"guest.load_1m.mean"}, "")
	for _, r := range rows {
		ep := table.EpisodeRef{Key: r.Key, Profile: r.Profile}
		if err := w.Append(ep, []float64{r.Center}, []int32{r.Phase}, []float32{0}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{"windows.parquet": {Data: b.Bytes()}}
}

func predictionsOf(t *testing.T, p *prediction.Set) fs.FS {
	t.Helper()
	root := dir(t)
	if err := prediction.Write(root, p); err != nil {
		t.Fatal(err)
	}
	return root.FS()
}

// TestWindows: predictions must be of the windows and have their truth, all of the
// test part.
func TestWindows(t *testing.T) {
	good, _ := whole(t)
	windows, split := windowsOf(t, good.Rows), os.DirFS("testdata/assignment")
	for want, spoil := range map[string]func(*prediction.Set){
		"": func(p *prediction.Set) { p.Rows[0], p.Rows[5] = p.Rows[5], p.Rows[0] },
		"the window at 5 s of episode e0 of host h1 is in the part test of the split and has no prediction": func(p *prediction.Set) { p.Rows = p.Rows[1:] },
		"row 2 (the first is 0): the window at 15.5 s of episode e0 of host h1 is not in the windows table": func(p *prediction.Set) { p.Rows[2].Center = 15.5 },
		"row 3 (the first is 0): the window at 20 s of episode e0 of host h1 is said to be failed, but the": func(p *prediction.Set) { p.Rows[3].Phase = 5 },
		"of profile another, in the split of":          func(p *prediction.Set) { p.Rows[3].Profile = "another" },
		`was predicted as part "train" but is in part`: func(p *prediction.Set) { p.Rows[3].Part = table.Train },
		"episode e9 of host h1 was predicted as part":  func(p *prediction.Set) { p.Rows[3].Episode = "e9" },
	} {
		p := *good
		p.Rows = append([]table.Prediction(nil), good.Rows...)
		spoil(&p)
		said, err := evaluate(t, map[string]fs.FS{"predictions": predictionsOf(t, &p), "split": split, "windows": windows})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if strings.Contains(said, "nothing but the predictions") {
			t.Error("the windows are connected, and eval says that they are not")
		}
	}
}

// TestEpisodeWithoutPredictions: without windows, none tells that an episode is too
// short for one.
func TestEpisodeWithoutPredictions(t *testing.T) {
	p, _ := whole(t)
	var left []table.Prediction
	for _, r := range p.Rows {
		if r.Episode != "e1" {
			left = append(left, r)
		}
	}
	p.Rows = left
	in := map[string]fs.FS{"predictions": predictionsOf(t, p), "split": os.DirFS("testdata/assignment")}
	if _, err := evaluate(t, in); err == nil || !strings.Contains(err.Error(), "episode e1 of host h1 is in the part test of the split and has no prediction") {
		t.Errorf("error %v", err)
	}
	in["windows"] = windowsOf(t, left)
	said, err := evaluate(t, in)
	if err != nil || !strings.Contains(said, "episodes of the test part that have no window and are not scored: 1 of 3, such as e1 of host h1") {
		t.Errorf("an episode without windows: %v, said %q", err, said)
	}
}

// TestSplitThatContradictsItself: split.json is about its table.
func TestSplitThatContradictsItself(t *testing.T) {
	assigned, err := os.ReadFile("testdata/assignment/" + table.AssignmentFile)
	if err != nil {
		t.Fatal(err)
	}
	good := fstest.MapFS{table.AssignmentFile: {Data: assigned}}
	for info, want := range map[string]string{
		`{"by": "host", "test": ["h1"], "episodes": {"test": 3}}`:                          "",
		`{"by": "host", "test": ["h1"], "episodes": {"test": 2}}`:                          "split.json says that 2 episodes are in the part test, but assignment.parquet has 3",
		`{"by": "host", "test": ["h1"], "held": [{"by": "host", "names": ["h1"]}]}`:        "",
		`{"by": "host", "test": ["h2"], "held": [{"by": "host", "names": ["h1"]}]}`:        `says that ["h2"] is held out in test, and ["h1"] in held`,
		`{"by": "sample", "held": [{"by": "host", "names": ["h1"]}]}`:                      "the split is by sample, but it holds out by host",
		`{"by": "time", "validation_held": [{"by": "host", "names": ["h1", "h2", "h0"]}]}`: "for validation, split.json holds out host",
		`{"by": "host", "test": ["h9"]}`:                                                   `split.json holds out host ["h9"], but assignment.parquet has episode`,
		`{"by": "host", "test": ["h1"], "boots": {"test": 77}}`:                            "says that 77 boots",
		`{"by": "host", "test": ["h1"], "untested_profiles": ["nobody"]}`:                  `says that the untested profiles are ["nobody"]`,
		`{"by": "host", "test": ["h1"], "profiles": {"test": {"nobody":3}}}`:               "the profiles of the episodes are map[nobody:3] in the part test",
	} {
		split := maps.Clone(good)
		split[table.SplitInfoFile] = &fstest.MapFile{Data: []byte(info)}
		_, err := evaluate(t, map[string]fs.FS{"predictions": os.DirFS("testdata/predictions-whole"), "split": split})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", info, err, want)
		}
	}
}
