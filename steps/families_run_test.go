package steps_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"assay/engine/step"
	"assay/steps"
)

// execute runs a kind of the list as a recipe would, and fails the test if it fails.
func execute(t *testing.T, kind, params string, in step.Inputs) map[string]fs.FS {
	t.Helper()
	i := slices.IndexFunc(steps.All(), func(k *step.Kind) bool { return k.Name == kind })
	if i < 0 {
		t.Fatalf("there is no kind %s", kind)
	}
	made, err := try(t, t.Context(), steps.All()[i], params, in)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// try runs a kind with parameters and with those of the inputs that it has ports for.
func try(t *testing.T, ctx context.Context, k *step.Kind, params string, in step.Inputs) (map[string]fs.FS, error) {
	t.Helper()
	p := k.Params()
	if err := json.Unmarshal([]byte(params), p); err != nil {
		t.Fatal(err)
	}
	if c, ok := p.(step.Checker); ok {
		if err := c.Check(); err != nil {
			t.Fatalf("%s: %v", k.Name, err)
		}
	}
	own := step.Inputs{}
	for _, port := range k.Inputs {
		if in[port.Name] != nil {
			own[port.Name] = in[port.Name]
		}
	}
	roots, made := step.Outputs{}, map[string]fs.FS{}
	for _, o := range k.Outputs {
		root, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { root.Close() })
		roots[o.Name], made[o.Name] = root, root.FS()
	}
	return made, k.Run(ctx, p, own, roots)
}

// warnings is a sink that remembers what a user should know.
type warnings struct {
	mu   sync.Mutex
	said strings.Builder
}

func (w *warnings) Emit(m step.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if m.Warning != "" {
		w.said.WriteString(m.Warning + "\n")
	}
}

// A trained is what a kind made, and what it warned of.
type trained struct {
	model, predictions fs.FS
	warned             string
	err                error
}

// families returns the kinds that train.
func families() (list []*step.Kind) {
	for _, k := range steps.All() {
		if strings.HasPrefix(k.Name, "train/") {
			list = append(list, k)
		}
	}
	return list
}

// has reports whether a kind has a parameter.
func has(k *step.Kind, name string) bool {
	return slices.ContainsFunc(step.Fields(reflect.ValueOf(k.Params()).Elem()), func(f step.Field) bool { return f.Key == name })
}

// train trains a kind on a world. Of the parameters it takes those that the kind has.
func (w *world) train(t *testing.T, k *step.Kind, change map[string]any) trained {
	t.Helper()
	p := map[string]any{}
	if err := json.Unmarshal([]byte(w.grid), &p); err != nil {
		t.Fatal(err)
	}
	maps.Copy(p, map[string]any{"hz": 2, "hidden": 32, "epochs": 2, "rounds": 2})
	maps.Copy(p, change)
	maps.DeleteFunc(p, func(name string, _ any) bool { return !has(k, name) })
	params, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	windows, split := w.tables(t)
	heard := &warnings{}
	made, err := try(t, step.WithSink(t.Context(), heard), k, string(params),
		step.Inputs{"episodes": {{FS: w.episodes}}, "windows": {{FS: windows}}, "split": {{FS: split}}})
	return trained{made["model"], made["predictions"], heard.said.String(), err}
}
