package snapshot_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"testing"

	"assay/artifacts/pack"
	"assay/engine/graph"
	"assay/engine/graph/snapshot"
	"assay/engine/recipe"
	"assay/engine/step"
)

// everything is a recipe with all that a node can have.
const everything = `name: all
shards: 4
slots: {gpu: 2}
params: {store: data}
sources: {data: "${store}", one: one.txt}
steps:
  cut: {uses: cut, in: {files: data}, with: {n: 3}}
  pick:
    uses: one
    matrix: {a: [x, y], b: [1, 2]}
    in: {text: "data/${a}.txt", more: one}
    resources: {cpu: 2, memory: 1GiB, memory_growth: 2.5, gpu: 1}
    retries: 2
    timeout: 1m
  all: {uses: many, in: {texts: [pick.text, "cut.out/*.txt"]}}
outputs: {out/all: all.text}
`

type none struct{}

type number struct {
	N int `json:"n"`
}

// kinds has a port of every sort.
func kinds() []*step.Kind {
	type shards struct {
		Files fs.FS `step:"shard,match=*.txt"`
	}
	type one struct {
		Text fs.FS
		More fs.FS `step:"optional"`
	}
	type many struct {
		Texts []step.Input `step:"origin"`
	}
	type text struct{ Text *os.Root }
	type out struct{ Out *os.Root }
	return []*step.Kind{
		step.Define("cut", "1", "", number{}, func(context.Context, number, shards, out) error { return nil }),
		step.Define("one", "2", "", none{}, func(context.Context, none, one, text) error { return nil }),
		step.Define("many", "1", "", none{}, func(context.Context, none, many, text) error { return nil }),
	}
}

// resolved resolves a recipe in a new folder.
func resolved(t testing.TB, text string) *graph.Graph {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("r.yaml", []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	var ms recipe.Mistakes
	r, err := recipe.Load("r.yaml", nil, &ms)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New(r, kinds(), &ms)
	if err := ms.Err(); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestRoundTrip(t *testing.T) {
	g := resolved(t, everything)
	text, sum := snapshot.Encode(g, "program")
	got, gotSum, err := snapshot.Decode(text, "program", kindsOf(g))
	if err != nil || sum != gotSum {
		t.Fatal(err)
	}
	if again, _ := snapshot.Encode(got, "program"); !bytes.Equal(again, text) {
		t.Error("the snapshot of the graph that was decoded is another one")
	}
	if len(got.Nodes) != 6 || !reflect.DeepEqual(got.Slots(), g.Slots()) ||
		!reflect.DeepEqual(got.Recipe.Sources[0], g.Recipe.Sources[0]) && got.Recipe.Sources[0].Path != "data" {
		t.Errorf("%d nodes, slots %v, sources %v", len(got.Nodes), got.Slots(), got.Recipe.Sources)
	}
	for i, n := range got.Nodes {
		sameNode(t, n, g.Nodes[i])
	}
}

// kindsOf returns the kinds of a graph themselves, so that they can be compared.
func kindsOf(g *graph.Graph) (list []*step.Kind) {
	for _, n := range g.Nodes {
		list = append(list, n.Kind)
	}
	return list
}

func sameNode(t *testing.T, got, want *graph.Node) {
	t.Helper()
	if got.Name() != want.Name() || got.Kind != want.Kind || string(got.Params) != string(want.Params) ||
		!reflect.DeepEqual(got.Limits, want.Limits) || !slices.Equal(got.Outputs, want.Outputs) ||
		len(got.Inputs) != len(want.Inputs) {
		t.Errorf("node %+v, want %+v", got, want)
		return
	}
	for i, b := range got.Inputs {
		w := want.Inputs[i]
		if b.Port != w.Port || len(b.Feeds) != len(w.Feeds) {
			t.Errorf("%s: input %+v, want %+v", want.Name(), b, w)
			continue
		}
		for j, f := range b.Feeds {
			sameFeed(t, f, w.Feeds[j])
		}
	}
}

func sameFeed(t *testing.T, got, want graph.Feed) {
	t.Helper()
	ok := got.Source == want.Source && got.Output == want.Output && slices.Equal(got.Labels, want.Labels) &&
		(got.Node == nil) == (want.Node == nil) && (got.Part == nil) == (want.Part == nil)
	if ok && got.Node != nil {
		ok = got.Node.Name() == want.Node.Name()
	}
	if ok && got.Part != nil {
		ok = got.Part.Pattern.String() == want.Part.Pattern.String() && got.Part.Pos.String() == want.Part.Pos.String()
	}
	if !ok {
		t.Errorf("feed %+v, want %+v", got, want)
	}
}

// TestOther checks that a snapshot of something else is not taken for this.
func TestOther(t *testing.T) {
	tests := map[string]struct {
		program string
		kinds   []*step.Kind
		change  func()
	}{
		"another program":  {program: "other", kinds: kinds()},
		"a missing kind":   {program: "program", kinds: kinds()[1:]},
		"another recipe":   {"program", kinds(), func() { os.WriteFile("r.yaml", []byte(everything+"\n"), 0o666) }},
		"no recipe":        {"program", kinds(), func() { os.Remove("r.yaml") }},
		"a folder instead": {"program", kinds(), func() { os.Remove("r.yaml"); os.Mkdir("r.yaml", 0o777) }},
		"a recipe beside it that shares the lock": {"program", kinds(),
			func() { os.WriteFile("r.yml", nil, 0o666) }},
		"an output that is a source by now": {"program", kinds(),
			func() { os.Mkdir("data", 0o777); os.Mkdir("out", 0o777); os.Symlink("../data", "out/all") }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text, _ := snapshot.Encode(resolved(t, everything), "program")
			if _, _, err := snapshot.Decode(text, "program", kinds()); err != nil {
				t.Fatal(err)
			}
			if test.change != nil {
				test.change()
			}
			if _, _, err := snapshot.Decode(text, test.program, test.kinds); err == nil {
				t.Error("the snapshot is used")
			}
		})
	}
}

func TestDamaged(t *testing.T) {
	text, _ := snapshot.Encode(resolved(t, everything), "program")
	for i := range text {
		bad := slices.Clone(text)
		bad[i] ^= 1
		if _, _, err := snapshot.Decode(bad, "program", kinds()); err == nil {
			t.Fatalf("byte %d is changed, and the snapshot is used", i)
		}
	}
}

// TestNotKept checks that a graph that depends on more than its recipe has no snapshot.
func TestNotKept(t *testing.T) {
	t.Chdir(t.TempDir())
	os.WriteFile("list.txt", []byte("a\nb\n"), 0o666)
	text := "name: x\nsources: {l: list.txt}\nsteps:\n  s: {uses: one, matrix: {n: {lines: l}}, in: {text: l}}\n"
	var ms recipe.Mistakes
	g := graph.New(recipe.Parse(&recipe.File{Name: "r.yaml", Text: []byte(text)}, nil, &ms), kinds(), &ms)
	if err := ms.Err(); err != nil {
		t.Fatal(err)
	}
	if got, _ := snapshot.Encode(g, "program"); got != nil {
		t.Error("a graph with axes of data has a snapshot")
	}
}

// FuzzDecode decodes texts whose checksum is right, and whose values are anything.
func FuzzDecode(f *testing.F) {
	whole, _ := snapshot.Encode(resolved(f, everything), "program")
	f.Add(whole[len(snapshot.Head)+1:len(whole)-sha256.Size], uint16(3), byte(1))
	ks := kinds()
	f.Fuzz(func(t *testing.T, values []byte, at uint16, flip byte) {
		if len(values) == 0 {
			return
		}
		values = slices.Clone(values)
		values[int(at)%len(values)] ^= flip
		text := append([]byte(snapshot.Head+"\n"), values...)
		sum := sha256.Sum256(text)
		if _, _, err := pack.Open(snapshot.Head, append(text, sum[:]...)); err != nil {
			t.Fatal(err)
		}
		g, _, err := snapshot.Decode(append(text, sum[:]...), "program", ks)
		if err != nil {
			return
		}
		for _, n := range g.Nodes {
			n.Name()
			for range n.Feeds() {
				break
			}
		}
	})
}
