package step_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
)

type greetParams struct {
	Word string        `json:"word" doc:"what to say"`
	For  step.Duration `json:"for"`
	Part step.Fraction `json:"part"`
	Also []string      `json:"also"`
}

type greetIn struct {
	Names   fs.FS `step:"shard,match=*.txt" doc:"whom to greet"`
	OldOnes []step.Input
}

type greetOut struct{ Letter *os.Root }

func greet(ctx context.Context, p greetParams, in greetIn, out greetOut) error {
	name, err := fs.ReadFile(in.Names, "name.txt")
	if err != nil {
		return err
	}
	r := step.Report(ctx)
	r.Progress(1, 2)
	r.Count("greeted", 1)
	r.Warnf("%d old ones left out", len(in.OldOnes))
	return out.Letter.WriteFile("letter", []byte(p.Word+" "+string(name)), 0o666)
}

func TestDefine(t *testing.T) {
	k := step.Define("greet", "1", "greets", greetParams{Word: "hello", Also: []string{"ho"}}, greet)
	if k.String() != "greet@1" || len(k.Inputs) != 2 || len(k.Outputs) != 1 {
		t.Fatalf("%+v", k)
	}
	names, old := k.Inputs[0], k.Inputs[1]
	if names.Name != "names" || !names.Shard || names.Many || names.About != "whom to greet" || !names.Takes("x.txt") || names.Takes("x.md") {
		t.Errorf("names: %+v", names)
	}
	if old.Name != "old_ones" || !old.Many || old.Shard || !old.Takes("anything") {
		t.Errorf("old_ones: %+v", old)
	}
	p := k.Params().(*greetParams)
	p.Word, p.Also[0] = "changed", "changed"
	if again := k.Params().(*greetParams); again.Word != "hello" || again.Also[0] != "ho" {
		t.Error("defaults are shared between uses")
	}
}

type recorder []step.Message

func (r *recorder) Emit(e step.Message) { *r = append(*r, e) }

func TestRun(t *testing.T) {
	k := step.Define("greet", "1", "greets", greetParams{Word: "hello"}, greet)
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	in := step.Inputs{"names": {{FS: fstest.MapFS{"name.txt": {Data: []byte("Ada")}}}}, "old_ones": make([]step.Input, 3)}
	var heard recorder
	err = k.Run(step.WithSink(t.Context(), &heard), k.Params(), in, step.Outputs{"letter": root})
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(dir + "/letter"); string(text) != "hello Ada" {
		t.Errorf("letter %q", text)
	}
	if len(heard) != 3 || heard[0].Done != 1 || heard[1].Count != "greeted" || heard[2].Warning != "3 old ones left out" {
		t.Errorf("heard %+v", heard)
	}
	if err := k.Run(t.Context(), k.Params(), in, step.Outputs{"letter": root}); err != nil {
		t.Errorf("without a sink: %v", err)
	}
	for want, in := range map[string]step.Inputs{
		"input names takes one artifact, got 0": {},
		"input names takes one artifact, got 2": {"names": make([]step.Input, 2)},
	} {
		if err := k.Run(t.Context(), k.Params(), in, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestDefinePanicsOnWrongTypes(t *testing.T) {
	type none struct{}
	for name, define := range map[string]func(){
		"map in params": func() {
			step.Define("k", "1", "", struct{ M map[string]int }{}, func(context.Context, struct{ M map[string]int }, none, none) error { return nil })
		},
		"input of another type": func() {
			step.Define("k", "1", "", none{}, func(context.Context, none, struct{ X string }, none) error { return nil })
		},
		"output of another type": func() {
			step.Define("k", "1", "", none{}, func(context.Context, none, none, struct{ X fs.FS }) error { return nil })
		},
		"unknown option": func() {
			step.Define("k", "1", "", none{}, func(context.Context, none, struct {
				X fs.FS `step:"shrad"`
			}, none) error {
				return nil
			})
		},
		"bad pattern": func() {
			step.Define("k", "1", "", none{}, func(context.Context, none, struct {
				X fs.FS `step:"match=[a"`
			}, none) error {
				return nil
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			define()
		})
	}
}

func TestValuesReadBack(t *testing.T) {
	type both struct {
		D step.Duration `json:"d"`
		F step.Fraction `json:"f"`
	}
	for _, c := range []struct{ in, out string }{
		{`{"d":"10s","f":"20%"}`, `{"d":"10s","f":"20%"}`},
		{`{"d":"90s","f":"0.07"}`, `{"d":"1m30s","f":"7%"}`},
		{`{"d":"250ms","f":"33.3%"}`, `{"d":"250ms","f":"33.3%"}`},
	} {
		var v, again both
		if err := json.Unmarshal([]byte(c.in), &v); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(v)
		if err != nil || string(text) != c.out {
			t.Errorf("%s becomes %s, %v", c.in, text, err)
		}
		if err := json.Unmarshal(text, &again); err != nil || again != v {
			t.Errorf("%s reads back as %v, %v", text, again, err)
		}
	}
	for _, bad := range []string{`{"d":"10"}`, `{"f":"120%"}`, `{"f":"-1%"}`, `{"f":"NaN"}`, `{"f":"x"}`} {
		if err := json.Unmarshal([]byte(bad), new(both)); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}

func TestLabels(t *testing.T) {
	l := step.Labels{{Axis: "hold", Value: "sample"}, {Axis: "view", Value: "oracle"}}
	if l.String() != "hold=sample,view=oracle" || l.Get("view") != "oracle" || l.Get("x") != "" {
		t.Error(l)
	}
}

func TestResumeDir(t *testing.T) {
	if dir, err := step.ResumeDir(t.Context()); dir != nil || err != nil {
		t.Errorf("of a context without one: %v, %v", dir, err)
	}
	path := t.TempDir()
	ctx := step.WithResumeDir(t.Context(), func() (*os.Root, error) { return os.OpenRoot(path) })
	dir, err := step.ResumeDir(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if dir.Name() != path {
		t.Errorf("%s, want %s", dir.Name(), path)
	}
	ctx = step.WithResumeDir(ctx, func() (*os.Root, error) { return os.OpenRoot(path + "/none") })
	if dir, err := step.ResumeDir(ctx); dir != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of a folder that is not there: %v, %v", dir, err)
	}
}
