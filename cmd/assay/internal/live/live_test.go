package live

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// TestExamplesOfTheSchemas posts the example of every schema, and takes away each field in turn.
func TestExamplesOfTheSchemas(t *testing.T) {
	all, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Posted() {
		s := all[name]
		if s.Dialect == "" || s.ID != "/schema/"+name+".json" || s.Title == "" || s.Description == "" || len(s.Examples) == 0 {
			t.Errorf("%s does not say what it is, or has no example", name)
		}
		for _, ex := range s.Examples {
			b, err := json.Marshal(ex)
			if err != nil {
				t.Fatal(err)
			}
			events, err := Parse(b)
			if err != nil || len(events) != 1 || events[0].Type != name {
				t.Errorf("%s: %v, %v", b, events, err)
			}
			withoutEach(t, s, ex.(map[string]any))
		}
	}
}

// withoutEach checks that an event without a required field is refused, by name.
func withoutEach(t *testing.T, s *schema, ex map[string]any) {
	for _, field := range s.Required {
		less := map[string]any{}
		for k, v := range ex {
			if k != field {
				less[k] = v
			}
		}
		b, err := json.Marshal(less)
		if err != nil {
			t.Fatal(err)
		}
		var bad *Invalid
		if _, err := Parse(b); !errors.As(err, &bad) || bad.Path != field {
			t.Errorf("without %s: %v", field, err)
		}
	}
}

// TestStructsAreTheSchemas compares the fields of each struct with the properties of its schema.
func TestStructsAreTheSchemas(t *testing.T) {
	all, err := schemas()
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]any{
		TypeWindow: Window{}, TypePrediction: Prediction{}, TypeMetric: Metric{}, TypeConfusion: Confusion{},
		TypePerf: Perf{}, TypeProfile: Profile{}, TypeRun: Run{},
	} {
		sameFields(t, name, reflect.TypeOf(v), all[name])
	}
	sameFields(t, "steps", reflect.TypeOf(RunStep{}), all[TypeRun].Properties["steps"].Items)
}

func sameFields(t *testing.T, name string, typ reflect.Type, s *schema) {
	seen := map[string]bool{}
	for i := range typ.NumField() {
		field, option, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		seen[field] = true
		if s.Properties[field] == nil {
			t.Errorf("%s: the schema has no %s", name, field)
		}
		for _, r := range s.Required {
			if r == field && option != "" {
				t.Errorf("%s: %s is required and may be left out", name, field)
			}
		}
	}
	for field := range s.Properties {
		if !seen[field] {
			t.Errorf("%s: the struct has no %s", name, field)
		}
	}
}

func TestRefused(t *testing.T) {
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	many := "[" + strings.Repeat(`{"type":"model_metric","model":"m","value":1},`, MaxEvents) + `{"type":"model_metric","model":"m","value":1}]`
	for name, c := range map[string]struct {
		body, want string
		syntax     bool
	}{
		"nothing":        {"  ", "empty", true},
		"not JSON":       {`{"type":`, "not JSON", true},
		"two":            {`{} {}`, "not JSON", true},
		"deep":           {deep, "more than 32 deep", true},
		"deep in event":  {`{"type":"model_metric","model":` + deep + `}`, "more than 32 deep", true},
		"a number":       {"7", "an event is an object", false},
		"no type":        {`{}`, "is not a type of event", false},
		"other type":     {`{"type":"x"}`, `"x" is not a type of event; want one of telemetry_window`, false},
		"run":            {`{"type":"run_graph"}`, "is not a type of event", false},
		"field":          {`{"type":"model_metric","model":"m","value":1,"colour":"red"}`, "colour: there is no such field", false},
		"text for value": {`{"type":"model_metric","model":"m","value":"1"}`, "value: this is a string, want a number", false},
		"huge":           {`{"type":"model_metric","model":"m","value":1e999}`, "value: the number 1e999 is too large", false},
		"digits":         {`{"type":"model_metric","model":"m","value":1.` + strings.Repeat("0", 100) + `}`, "value: the number has 102 characters", false},
		"empty model":    {`{"type":"model_metric","model":"","value":1}`, "model: the text has 0 characters", false},
		"long model":     {`{"type":"model_metric","model":"` + strings.Repeat("é", 201) + `","value":1}`, "201 characters", false},
		"half interval":  {`{"type":"model_metric","model":"m","value":1,"low":0}`, "both low and high", false},
		"inside out":     {`{"type":"model_metric","model":"m","value":1,"low":2,"high":1}`, "not above high", false},
		"probability":    {`{"type":"window_prediction","model":"m","host":"h","episode":"e","t_s":1,"predicted":"x","p":{"x":1.5}}`, "p.x: 1.5 is too large", false},
		"no rows":        {`{"type":"confusion_matrix","model":"m","labels":["a","b"],"counts":[[1,2]]}`, "counts: 1 rows for 2 labels", false},
		"no columns":     {`{"type":"confusion_matrix","model":"m","labels":["a"],"counts":[[1,2]]}`, "counts[0]: 2 columns", false},
		"part":           {`{"type":"confusion_matrix","model":"m","labels":["a"],"counts":[[1.5]]}`, "counts[0][0]: this is a number, want an integer", false},
		"short curve":    {`{"type":"attack_profile","name":"n","shape":"s","curve":[1]}`, "curve: the list has 1 items", false},
		"second of two":  {`[{"type":"model_metric","model":"m","value":1},{"type":"model_metric"}]`, "event 1: model: it is missing", false},
		"too many":       {many, "513 events at once", false},
	} {
		events, err := Parse([]byte(c.body))
		if err == nil || events != nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, ErrSyntax) != c.syntax {
			t.Errorf("%s: %d events, %v; want %q", name, len(events), err, c.want)
		}
	}
}

func TestKeys(t *testing.T) {
	parse := func(body string) Event {
		events, err := Parse([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return events[0]
	}
	a := parse("{ \"type\": \"model_metric\",\n \"model\": \"m\", \"value\": 1 }")
	b := parse(`{"type":"model_metric","model":"m","value":2}`)
	c := parse(`{"type":"model_metric","model":"m","value":2,"view":"oracle"}`)
	if a.Key != b.Key || a.Key == c.Key || a.Key == "" {
		t.Errorf("keys %q, %q, %q", a.Key, b.Key, c.Key)
	}
	if string(a.JSON) != `{"type":"model_metric","model":"m","value":1}` {
		t.Errorf("%s is not one line", a.JSON)
	}
	if w := parse(`{"type":"telemetry_window","host":"h","episode":"e","t_s":1,"channels":{"a.b":null}}`); w.Key != "" {
		t.Errorf("a window has the key %q", w.Key)
	}
}

func TestEncodeChecks(t *testing.T) {
	if _, err := Encode(Metric{Type: TypeMetric}); err == nil {
		t.Error("a metric of no model is sent")
	}
	if ev, err := Encode(Run{Type: TypeRun, ID: "r", Outcome: "ok", Steps: []RunStep{{Name: "a"}}, Edges: [][2]int{}}); err != nil || ev.Key != TypeRun {
		t.Errorf("%v, %v", ev, err)
	}
}

// FuzzParse checks that whatever is accepted is one line, keeps to its schema again and has
// the same key.
func FuzzParse(f *testing.F) {
	all, err := schemas()
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range all {
		for _, ex := range s.Examples {
			b, err := json.Marshal(ex)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
			f.Add(fmt.Appendf(nil, "[%s, %s]", b, b))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		events, err := Parse(body)
		if err != nil {
			return
		}
		for _, ev := range events {
			if bytes.ContainsAny(ev.JSON, "\r\n") {
				t.Fatalf("%q is more than a line", ev.JSON)
			}
			again, err := Parse(ev.JSON)
			if err != nil || len(again) != 1 || again[0].Key != ev.Key || again[0].Type != ev.Type {
				t.Fatalf("%s comes back as %v, %v", ev.JSON, again, err)
			}
		}
	})
}
