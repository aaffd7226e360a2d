package produce

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"assay/cmd/assay/internal/live"
	"assay/steps/kit/channel"
	"assay/steps/kit/model"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// metricsJSON is an evaluation of two classes, with a measure that is not defined.
const metricsJSON = `{"model":"gbt","view":"oracle","windows":10,"episodes":2,"labels":["clean","armed"],"confusion":[[5,1],[0,4]],
"per_class":[{"class":"clean"},{"class":"armed"}],"bootstrap":{"level":0.9},
"measures":[{"name":"macro_f1","value":0.8,"percentile":[0.6,0.9],"bca":[null,null]},{"name":"auroc","value":null,"percentile":[null,null],"bca":[null,null]},
{"name":"accuracy","value":0.9,"percentile":[null,null],"bca":[null,null]}]}`

func TestMetrics(t *testing.T) {
	events, err := Metrics(Name{"step", "oracle", "host"}, fstest.MapFS{"metrics.json": {Data: []byte(metricsJSON)}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"type":"model_metric","model":"step","value":0.8,"metric":"macro_f1","view":"oracle","split":"host","low":0.6,"high":0.9,"level":0.9,"windows":10,"episodes":2}`,
		`{"type":"model_metric","model":"step","value":0.9,"metric":"accuracy","view":"oracle","split":"host","windows":10,"episodes":2}`,
		`{"type":"confusion_matrix","model":"step","view":"oracle","split":"host","labels":["clean","armed"],"counts":[[5,1],[0,4]]}`,
	}
	if len(events) != len(want) {
		t.Fatalf("%d events", len(events))
	}
	for i, ev := range events {
		if string(ev.JSON) != want[i] {
			t.Errorf("got  %s\nwant %s", ev.JSON, want[i])
		}
	}
	if _, err := Metrics(Name{}, fstest.MapFS{"metrics.json": {Data: []byte(metricsJSON)}}); err == nil || !strings.Contains(err.Error(), "metrics.json: model") {
		t.Errorf("of a model without a name: %v", err)
	}
}

// echo is a model whose windows are single numbers.
type echo struct{ calls, windows int }

func (e *echo) About() model.About {
	return model.About{Schema: model.Schema{Features: []string{"f"}, Classes: channel.Phases()}}
}

func (e *echo) Predict(p, x []float32) { e.calls++; e.windows += len(x) }

func TestMeasure(t *testing.T) {
	d := &model.Data{Features: []string{"f"}, Test: model.Set{Rows: []int{0, 1, 2}, X: []float32{1, 2, 3}}, Validation: model.Set{Rows: []int{3}, X: []float32{4}}}
	half := 0.5
	for n, want := range map[int]int{2: 2, 100: 4} {
		m := &echo{}
		ev, err := Measure(t.Context(), Name{Model: "m"}, m, d, n, &half)
		if err != nil {
			t.Fatal(err)
		}
		var got live.Perf
		if err := json.Unmarshal(ev.JSON, &got); err != nil {
			t.Fatal(err)
		}
		if got.Measured != want || *got.Accuracy != 0.5 || !(got.Latency <= got.Tail) || got.Batch != batchSize || m.calls != warmUp+want+maxBatches {
			t.Errorf("%d windows: %s, %d calls", n, ev.JSON, m.calls)
		}
	}
	if _, err := Measure(t.Context(), Name{Model: "m"}, &echo{}, &model.Data{}, 5, nil); err == nil {
		t.Error("a model is timed with nothing")
	}
}

func TestAccuracy(t *testing.T) {
	p := &prediction.Set{Rows: []table.Prediction{{Part: table.Validation, Phase: 1}, {Part: table.Test, Phase: 2, Predicted: 2}, {Part: table.Test, Phase: 1, Predicted: 2}}}
	if got := Accuracy(p); got == nil || *got != 0.5 {
		t.Errorf("%v", got)
	}
	if got := Accuracy(&prediction.Set{}); got != nil {
		t.Errorf("of nothing: %v", *got)
	}
}

// world is two episodes, of which the second has more phases, and a model that predicted both;
// one is not of the test part.
func world() (*table.Windows, []Voice) {
	w := &table.Windows{
		Episodes: []table.EpisodeRef{{Key: table.Key{Host: "h", Episode: "a"}, Profile: "p"}, {Key: table.Key{Host: "h", Episode: "b"}}, {Key: table.Key{Host: "h", Episode: "c"}}},
		Episode:  []int32{0, 0, 1, 1, 2}, Center: []float64{5, 10, 5, 10, 5}, Phase: []int32{0, 0, 0, 3, 0},
	}
	w.Features = []string{"guest.x.mean", "guest.x.std", "guest.y.mean"}
	w.X = []float32{1.23456789, 9, float32(math.NaN()), 2, 9, 3, 4, 9, 5, 6, 9, 7, 8, 9, 9}
	said := &prediction.Set{}
	for i := range w.Len() {
		row := table.Prediction{Key: w.Episodes[w.Episode[i]].Key, Part: table.Test, Center: w.Center[i], Phase: w.Phase[i], P: [channel.NumPhases]float32{0.33333, 0, 0, 0.66667}}
		row.Predicted = row.Best()
		if w.Episode[i] == 2 {
			row.Part = table.Validation
		}
		said.Rows = append(said.Rows, row)
	}
	return w, []Voice{{Name{"gbt", "oracle", "s"}, said}, {Name{"knn", "oracle", "s"}, &prediction.Set{Rows: said.Rows[:1]}}}
}

func TestReplay(t *testing.T) {
	w, voices := world()
	r, err := NewReplay(w, 10, voices, "")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range r.Episodes() {
		name, moments, err := r.Episode(i)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, fmt.Sprint(name, len(moments)))
	}
	if fmt.Sprint(names) != "[h/b2 h/a2]" {
		t.Errorf("%v: want the episode of two phases first, and none of the validation part", names)
	}
	_, moments, err := r.Episode(1)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"type":"telemetry_window","host":"h","episode":"a","profile":"p","split":"s","t_s":5,"window_s":10,"phase":"clean","n":1,"of":2,"channels":{"guest.x":1.23457}}`,
		`{"type":"window_prediction","model":"gbt","view":"oracle","split":"s","host":"h","episode":"a","t_s":5,"phase":"clean","predicted":"infected_running",` +
			`"p":{"armed":0,"clean":0.3333,"dormant":0,"failed":0,"infected_running":0.6667,"infecting":0}}`,
	}
	if len(moments[0].Events) != 3 || len(moments[1].Events) != 2 {
		t.Errorf("%d and %d events: want those of both models, and of one", len(moments[0].Events), len(moments[1].Events))
	}
	for i, line := range want {
		if got := string(moments[0].Events[i].JSON); got != line {
			t.Errorf("got  %s\nwant %s", got, line)
		}
	}
	if r, err = NewReplay(w, 10, voices, "h/c"); err != nil || r.Episodes() != 1 {
		t.Errorf("an episode by name: %v", err)
	}
	for _, name := range []string{"h/x", "a", ""} {
		v := voices
		if name == "" {
			v = nil
		}
		if _, err := NewReplay(w, 10, v, name); err == nil {
			t.Errorf("episode %q: no error", name)
		}
	}
}

func TestResample(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		in   []float64
		n    int
		want string
	}{
		{[]float64{0, 1}, 5, "[0 0.25 0.5 0.75 1]"},
		{[]float64{0, 1, 2}, 3, "[0 1 2]"},
		{[]float64{0, 1, 2, 3}, 2, "[0 3]"},
		{[]float64{0, nan, 2}, 5, "[0 - - 2 2]"},
		{[]float64{7}, 3, "[7 7 7]"},
		{nil, 2, "[- -]"},
	} {
		var got []string
		for _, v := range resample(c.in, c.n) {
			if v == nil {
				got = append(got, "-")
			} else {
				got = append(got, fmt.Sprint(*v))
			}
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%v as %d points: %v, want %v", c.in, c.n, got, c.want)
		}
	}
}
