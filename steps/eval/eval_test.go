package eval

import (
	"bytes"
	"context"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/channel"
	"assay/steps/kit/files"
	"assay/steps/kit/prediction"
	"assay/steps/kit/score"
	"assay/steps/kit/table"
)

type warnings struct{ list []string }

func (w *warnings) Emit(e step.Message) { w.list = append(w.list, e.Warning) }

// inputs are four windows of two test episodes; a profile is untested.
func inputs(t *testing.T) (predictions, split fs.FS) {
	t.Helper()
	about := prediction.About{Model: "gbt", View: "oracle", Rounds: 2, Features: 3, Schema: "s", Classes: channel.Phases()}
	key := func(e string) table.Key { return table.Key{Host: "h", Episode: e} }
	p := &prediction.Set{About: about, Rows: []table.Prediction{
		{Key: key("a"), Profile: "x", Part: table.Test, Center: 5, Phase: 0, P: [6]float32{1}},
		{Key: key("a"), Profile: "x", Part: table.Test, Center: 10, Phase: 3, P: [6]float32{0.75, 0, 0, 0.25}},
		{Key: key("b"), Profile: "y", Part: table.Test, Center: 5, Phase: 3, P: [6]float32{0, 0, 0, 1}},
		{Key: key("b"), Profile: "y", Part: table.Test, Center: 10, Phase: 3, P: [6]float32{0, 0, 0, 1}},
	}}
	for i := range p.Rows {
		p.Rows[i].Predicted = p.Rows[i].Best()
	}
	root := dir(t)
	if err := prediction.Write(root, p); err != nil {
		t.Fatal(err)
	}
	var rows, info bytes.Buffer
	if err := table.WriteAssignment(&rows, []table.AssignmentRow{
		{Key: key("a"), Part: table.Test}, {Key: key("b"), Part: table.Test, Profile: "y"},
		{Key: table.Key{Host: "g", Episode: "t"}, Part: table.Train, Profile: "scan"},
	}); err != nil {
		t.Fatal(err)
	}
	if err := files.EncodeJSON(&info, table.SplitInfo{By: "host", Test: []string{"h"}, UntestedProfiles: []string{"scan"}}); err != nil {
		t.Fatal(err)
	}
	return root.FS(), fstest.MapFS{table.AssignmentFile: {Data: rows.Bytes()}, table.SplitInfoFile: {Data: info.Bytes()}}
}

func dir(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func TestEval(t *testing.T) {
	predictions, split := inputs(t)
	k, out, heard := Kind(), dir(t), &warnings{}
	err := k.Run(step.WithSink(context.Background(), heard), k.Params(),
		step.Inputs{"predictions": {{FS: predictions}}, "split": {{FS: split}}}, step.Outputs{"report": out})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(heard.list, func(w string) bool { return strings.Contains(w, "scan") }) {
		t.Errorf("warnings %q, want one of the untested profile", heard.list)
	}
	m, err := score.ReadMetrics(out.FS())
	if err != nil {
		t.Fatal(err)
	}
	// clean: 1 right of 1, said twice. running: 2 right of 3, said twice.
	if want := (2./3 + 4./5) / 2; math.Abs(m.Value("macro_f1")-want) > 1e-15 || m.Value("accuracy") != 0.75 {
		t.Errorf("macro F1 %v, want %v; accuracy %v, want 0.75", m.Value("macro_f1"), want, m.Value("accuracy"))
	}
	for name, want := range map[string]string{
		"confusion.csv": "phase,clean,infected_running\nclean,1,0\ninfected_running,1,2\n",
	} {
		if got, err := out.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s is\n%s(%v), want\n%s", name, got, err, want)
		}
	}
	for name, want := range map[string][]string{
		"measures.csv":  {"measure,value,percentile_low", "macro_f1,0.7333333333333334,"},
		"per_class.csv": {"class,windows,episodes,predicted,precision_value", "infected_running,3,2,2,1,"},
		"groups.csv":    {"profile,x,2,1,macro_f1,", "phase,clean,1,1,accuracy,1,1,1,,"},
		"alarms.csv":    {"false_alarms_per_hour_allowed,host_id"},
	} {
		got, err := out.ReadFile(name)
		for _, w := range want {
			if err != nil || !strings.Contains(string(got), w) {
				t.Errorf("%s is\n%s(%v), want a row with %s", name, got, err, w)
			}
		}
	}
	rows, err := score.ReadEpisodes(out.FS())
	if err != nil || len(rows) != 3 || rows[2].Windows != 2 || rows[2].Predicted != channel.Running {
		t.Errorf("episodes %+v, %v", rows, err)
	}
}

func TestEvalRefusesAnotherSplit(t *testing.T) {
	predictions, split := inputs(t)
	var rows bytes.Buffer
	if err := table.WriteAssignment(&rows, []table.AssignmentRow{
		{Key: table.Key{Host: "g", Episode: "a"}, Part: table.Train, Profile: "scan"},
		{Key: table.Key{Host: "h", Episode: "a"}, Part: table.Excluded},
	}); err != nil {
		t.Fatal(err)
	}
	split.(fstest.MapFS)[table.AssignmentFile] = &fstest.MapFile{Data: rows.Bytes()}
	k := Kind()
	err := k.Run(t.Context(), k.Params(), step.Inputs{"predictions": {{FS: predictions}}, "split": {{FS: split}}}, step.Outputs{"report": dir(t)})
	if err == nil || !strings.Contains(err.Error(), "evaluate with the split the model was trained on") {
		t.Errorf("error %v", err)
	}
}
