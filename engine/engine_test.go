package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"assay/artifacts/store"
	"assay/engine"
	"assay/engine/event"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/engine/step"
)

// lab is a folder with a store, and kinds that record when they run.
type lab struct {
	t     *testing.T
	dir   string
	store *store.Store
	kinds []*step.Kind

	mu     sync.Mutex
	ran    []string            // the kinds that ran, in order
	during map[string]func()   // called while a kind of that name runs
	notes  []event.Event       // of the last run
	warns  []string            // of the store
	failIf func(string) error  // may fail a kind's run
	block  map[string]struct{} // kinds that wait for their context
}

func newLab(t *testing.T) *lab {
	l := &lab{t: t, dir: t.TempDir(), during: map[string]func(){}, block: map[string]struct{}{}}
	t.Chdir(l.dir)
	var err error
	l.store, err = store.Open(".assay", func(w string) { l.warns = append(l.warns, w) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.store.Close() })
	l.kinds = []*step.Kind{
		step.Define("strip", "1", "copies lines that are no comments", stripParams{Suffix: ""}, l.strip),
		step.Define("copy", "1", "copies its input", struct{}{}, l.copy),
		step.Define("join", "1", "joins all inputs, with their labels", struct{}{}, l.join),
		step.Define("each", "1", "copies file by file, in shards", struct{}{}, l.each),
	}
	return l
}

type copyIn struct {
	Text fs.FS
	More fs.FS `step:"optional"`
}

type stripParams struct {
	Suffix string   `json:"suffix"`
	Words  []string `json:"words"`
	N      int      `json:"n"`
}

func (p *stripParams) Check() error {
	if p.N < 0 {
		return errors.New("n must not be negative")
	}
	return nil
}

type (
	oneIn   struct{ Text fs.FS }
	manyIn  struct{ Texts []step.Input }
	shardIn struct {
		Files fs.FS `step:"shard,match=*.txt"`
	}
	oneOut struct{ Text *os.Root }
)

// enter records that a kind runs, and does what the test wants to happen meanwhile.
func (l *lab) enter(ctx context.Context, what string) error {
	l.mu.Lock()
	l.ran = append(l.ran, what)
	during := l.during[what]
	_, blocked := l.block[what]
	failIf := l.failIf
	l.mu.Unlock()
	if during != nil {
		during()
	}
	if blocked {
		<-ctx.Done()
		return ctx.Err()
	}
	if failIf != nil {
		return failIf(what)
	}
	return nil
}

func (l *lab) strip(ctx context.Context, p stripParams, in oneIn, out oneOut) error {
	var b strings.Builder
	text, err := fs.ReadFile(in.Text, "in.txt")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	b.WriteString(p.Suffix)
	if err := out.Text.WriteFile("in.txt", []byte(b.String()), 0o666); err != nil {
		return err
	}
	step.Report(ctx).Count("lines", strings.Count(b.String(), "\n"))
	return l.enter(ctx, "strip")
}

func (l *lab) copy(ctx context.Context, _ struct{}, in copyIn, out oneOut) error {
	text, err := fs.ReadFile(in.Text, "in.txt")
	if err == nil && in.More != nil {
		var more []byte
		more, err = fs.ReadFile(in.More, "in.txt")
		text = append(text, more...)
	}
	if err != nil {
		return err
	}
	return errors.Join(out.Text.WriteFile("in.txt", text, 0o666), l.enter(ctx, "copy"))
}

func (l *lab) join(ctx context.Context, _ struct{}, in manyIn, out oneOut) error {
	var b strings.Builder
	for _, i := range in.Texts {
		text, err := fs.ReadFile(i.FS, "in.txt")
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "[%s] %s", i.Labels, text)
	}
	return errors.Join(out.Text.WriteFile("in.txt", []byte(b.String()), 0o666), l.enter(ctx, "join"))
}

func (l *lab) each(ctx context.Context, _ struct{}, in shardIn, out oneOut) error {
	err := fs.WalkDir(in.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(in.Files, name)
		if err != nil {
			return err
		}
		return out.Text.WriteFile(name, text, 0o666)
	})
	return errors.Join(err, l.enter(ctx, "each"))
}

func (l *lab) write(name, text string) {
	l.t.Helper()
	os.MkdirAll(filepath.Dir(name), 0o777)
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) graph(text string) *graph.Graph {
	l.t.Helper()
	var ms recipe.Mistakes
	r := recipe.Parse(&recipe.File{Name: "r.yaml", Text: []byte(text)}, nil, &ms)
	var g *graph.Graph
	if r != nil {
		g = graph.New(r, l.kinds, &ms)
	}
	if err := ms.Err(); err != nil {
		l.t.Fatal(err)
	}
	return g
}

func (l *lab) engine() *engine.Engine {
	return &engine.Engine{Store: l.store, Executor: engine.Local{Cores: 4}, Observers: []event.Observer{l}}
}

// Observe keeps the events.
func (l *lab) Observe(ev event.Event) {
	l.mu.Lock()
	l.notes = append(l.notes, ev)
	l.mu.Unlock()
}

// run runs a recipe and returns which kinds ran, in order, and the results.
func (l *lab) run(text string) (string, *engine.Results, error) {
	l.t.Helper()
	l.ran, l.notes = nil, nil
	rs, err := l.engine().Run(l.t.Context(), l.graph(text))
	return strings.Join(l.ran, " "), rs, err
}

// mustRun runs a recipe that must succeed and run exactly these kinds.
func (l *lab) mustRun(text, want string) *engine.Results {
	l.t.Helper()
	ran, rs, err := l.run(text)
	if err != nil {
		l.t.Fatal(err)
	}
	if ran != want {
		l.t.Errorf("ran %q, want %q", ran, want)
	}
	return rs
}

// content returns the text of a file that a node made.
func (l *lab) content(rs *engine.Results, node, file string) string {
	l.t.Helper()
	for n, o := range rs.Outcomes {
		if n.Name() == node {
			text, err := fs.ReadFile(l.store.FS(o.Outputs["text"]), file)
			if err != nil {
				l.t.Fatal(err)
			}
			return string(text)
		}
	}
	l.t.Fatalf("no node %s", node)
	return ""
}

const chain = `
sources: {data: data}
steps:
  s1: {uses: strip, in: {text: data}}
  s2: {uses: copy, in: {text: s1.text}}
  s3: {uses: join, in: {texts: s2.text}}
`
