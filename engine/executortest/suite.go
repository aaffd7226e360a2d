// Package executortest has the tests that every executor must pass. Call [Test] from a test
// of the executor.
package executortest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assay/artifacts/store"
	"assay/engine"
	"assay/engine/event"
	"assay/engine/graph"
	"assay/engine/recipe"
)

// Env is what an executor is made for.
type Env struct {
	Store *store.Store // the work folders of jobs lie in it
	Dir   string       // the store's folder
}

// Test runs recipes of [Kinds] with executors that newExecutor returns, and checks what they
// make and report.
func Test(t *testing.T, newExecutor func(*testing.T, Env) engine.Executor) {
	for name, test := range map[string]func(*testing.T, *bench){
		"outputs":          outputs,
		"shards":           shards,
		"several inputs":   severalInputs,
		"events":           events,
		"errors":           errorsOfKinds,
		"limit":            limit,
		"end of a run":     endOfRun,
		"what was granted": granted,
		"undeclared":       undeclared,
		"resume":           resume,
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			s, err := store.Open(".assay", func(w string) { t.Log(w) })
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			b := &bench{store: s, executor: newExecutor(t, Env{s, s.Dir()})}
			for name, text := range map[string]string{"one.txt": "1\n", "two.txt": "2\n", "three.txt": "3\n"} {
				os.Mkdir("data", 0o777)
				if err := os.WriteFile("data/"+name, []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			test(t, b)
		})
	}
}

// bench is an executor under test, with its store and the events of the last run.
type bench struct {
	store    *store.Store
	executor engine.Executor
	seen     []event.Event
}

// run runs a recipe, and returns the files of the outputs of the node "last".
func (b *bench) run(ctx context.Context, t *testing.T, text string) (map[string]string, error) {
	t.Helper()
	var ms recipe.Mistakes
	r := recipe.Parse(&recipe.File{Name: "r.yaml", Text: []byte("sources: {data: data}\n" + text)}, nil, &ms)
	g := graph.New(r, Kinds(), &ms)
	if err := ms.Err(); err != nil {
		t.Fatal(err)
	}
	var seen watcher
	e := &engine.Engine{Store: b.store, Executor: b.executor, Observers: []event.Observer{&seen}}
	rs, err := e.Run(ctx, g)
	b.seen = seen.all()
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for n, o := range rs.Outcomes {
		if n.Step != "last" {
			continue
		}
		for _, tree := range o.Outputs {
			for _, f := range tree {
				text, err := os.ReadFile(b.store.Path(f.Digest))
				if err != nil {
					t.Fatal(err)
				}
				files[f.Name] = string(text)
			}
		}
	}
	return files, nil
}

func outputs(t *testing.T, b *bench) {
	got, err := b.run(t.Context(), t, `
steps:
  first: {uses: copy, in: {files: data}, with: {suffix: "!"}}
  last: {uses: copy, in: {files: first.files}, with: {suffix: "?"}}
`)
	if err != nil || len(got) != 3 || got["two.txt"] != "2\n!?" {
		t.Errorf("of a source, and of what was made of it: %q, %v", got, err)
	}
}

// shards runs a sharded step on the output of another one.
func shards(t *testing.T, b *bench) {
	got, err := b.run(t.Context(), t, `
shards: 3
steps:
  first: {uses: each, in: {files: data}}
  last: {uses: each, in: {files: first.files}}
`)
	all := ""
	for name, text := range got {
		if !strings.HasPrefix(name, "shard-0") {
			t.Errorf("%s is of no shard", name)
		}
		all += text
	}
	if err != nil || len(got) != 3 || len(all) != 6 {
		t.Errorf("%q, %v", got, err)
	}
}

func severalInputs(t *testing.T, b *bench) {
	got, err := b.run(t.Context(), t, `
steps:
  first: {uses: copy, in: {files: data}, matrix: {mark: [a, c]}, with: {suffix: "${mark}\n"}}
  last: {uses: join, in: {many: [data, first.files]}}
`)
	if want := "[] data true 1\n[mark=a] first.files true 1\na\n[mark=c] first.files true 1\nc\n"; err != nil || got["all"] != want {
		t.Errorf("joined %q, %v, want %q", got["all"], err, want)
	}
}

// events checks that every message of a step becomes an event.
func events(t *testing.T, b *bench) {
	if _, err := b.run(t.Context(), t, "steps: {last: {uses: talk, in: {files: data}}}"); err != nil {
		t.Fatal(err)
	}
	for what, want := range map[event.What]string{event.Warned: "a warning", event.Logged: "a line",
		event.Status: "half of it"} {
		found := false
		for _, ev := range b.seen {
			found = found || ev.What == what && ev.Text == want && ev.Node == "last"
		}
		if !found {
			t.Errorf("no event %s with the text %q", what, want)
		}
	}
	var far, counted bool
	for _, ev := range b.seen {
		far = far || ev.What == event.Progress && ev.Done == 1 && ev.Total == 2
		for _, n := range ev.Notes {
			counted = counted || ev.What == event.Ran && n.Count == "things" && n.N == 7
		}
	}
	if !far || !counted {
		t.Errorf("progress %v, count %v", far, counted)
	}
}

func errorsOfKinds(t *testing.T, b *bench) {
	for with, want := range map[string]string{"error": "last: it broke: two.txt", "panic": "talk@1 panicked"} {
		_, err := b.run(t.Context(), t, "steps: {last: {uses: talk, in: {files: data}, with: {end: "+with+"}}}")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", with, err, want)
		}
	}
}

func limit(t *testing.T, b *bench) {
	_, err := b.run(t.Context(), t, "steps: {last: {uses: talk, in: {files: data}, with: {end: wait}, timeout: 300ms}}")
	if err == nil || !strings.Contains(err.Error(), "longer than its timeout of 300ms") {
		t.Errorf("%v", err)
	}
}

func endOfRun(t *testing.T, b *bench) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	_, err := b.run(ctx, t, "steps: {last: {uses: talk, in: {files: data}, with: {end: wait}}}")
	if err == nil || ctx.Err() == nil {
		t.Errorf("%v", err)
	}
}

func granted(t *testing.T, b *bench) {
	have := b.executor.Capacity()
	if have.CPU < 1 || have.Memory < 1<<20 {
		t.Fatalf("a capacity of %d cores, %d bytes", have.CPU, have.Memory)
	}
	got, err := b.run(t.Context(), t, "steps: {last: {uses: where, in: {files: data}, resources: {cpu: 1}}}")
	if err != nil || got["cores"] != "1" || !strings.Contains(got["place"], "work-") {
		t.Errorf("%q, %v", got, err)
	}
}

// undeclared runs a kind that makes nothing: an empty artifact is an artifact.
func undeclared(t *testing.T, b *bench) {
	got, err := b.run(t.Context(), t, "steps: {last: {uses: nothing, in: {files: data}}}")
	if err != nil || len(got) != 0 {
		t.Errorf("%q, %v", got, err)
	}
}

// resume runs a kind that fails in the middle: its next execution finds how far it was. After
// that, nothing of it is left.
func resume(t *testing.T, b *bench) {
	const text = "steps: {last: {uses: stages, in: {files: data}}}"
	for _, want := range []string{"stopped after stage 1", "stopped after stage 2"} {
		if _, err := b.run(t.Context(), t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	got, err := b.run(t.Context(), t, text)
	if err != nil || got["stages"] != "from stage 2" {
		t.Errorf("%q, %v", got, err)
	}
	left, err := os.ReadDir(filepath.Join(b.store.Dir(), store.ResumeDir))
	if err != nil || len(left) > 0 {
		t.Errorf("the store still has progress: %v, %v", left, err)
	}
}
