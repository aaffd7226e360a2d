package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// rememberRecipe has what a memory must be right about: matrices, parts of a folder, a gather, an output that comes out
// the same (head), a delivery, and the step "shard" that is cut into parts.
const rememberRecipe = `name: remember
shards: 3
params: {word: %s}
sources: {one: one.txt, many: many}
steps:
  part:
    uses: exec
    matrix: {n: [a, b, c]}
    in: {x: "many/${n}.txt"}
    with: {run: [sh, -c, "cat in/x/${n}.txt > out/o/f"], outputs: [o]}
  word:
    uses: exec
    matrix: {n: part.n}
    in: {x: part.o, y: one}
    with: {run: [sh, -c, "cat in/x/f in/y/one.txt > out/o/f; echo ${word} >> out/o/f"], outputs: [o]}
  head:
    uses: exec
    matrix: {n: part.n}
    in: {x: word.o}
    with: {run: [sh, -c, "head -c 1 in/x/f > out/o/f"], outputs: [o]}
  all:
    uses: exec
    in: {x: head.o}
    with: {run: [sh, -c, "cat in/x/*/f > out/o/f"], outputs: [o]}
  shard:
    uses: exec
    in: {x: many}
    with: {run: [sh, -c, "cp -r in/x/. out/o"], outputs: [o], shard: [x]}
outputs: {out/all: all.o}
`

// dynamic are steps that make the graph grow while it runs.
const dynamic = `  list:
    uses: exec
    in: {x: one}
    with: {run: [sh, -c, "cat in/x/one.txt > out/o/items; echo >> out/o/items"], outputs: [o]}
  item:
    uses: exec
    matrix: {i: {lines: list.o/items}}
    in: {x: list.o}
    with: {run: [sh, -c, "echo ${i} > out/o/f"], outputs: [o]}
outputs:`

// twin is a project. One twin keeps what its runs remember, the other one forgets it before each run.
type twin struct {
	t      *testing.T
	dir    string
	forget bool
}

func (w *twin) write(name, text string) {
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		w.t.Fatal(err)
	}
}

// caches returns the paths of what runs remember, but for receipts: these have tests of their own.
func (w *twin) caches() (list []string) {
	for _, what := range []string{"graph", "memory", "settings"} {
		found, _ := filepath.Glob(filepath.Join(w.dir, ".assay", "recipes", what+"-*"))
		list = append(list, found...)
	}
	found, _ := filepath.Glob(filepath.Join(w.dir, ".assay", "sources", "files"))
	return append(list, found...)
}

// times are what differs between two runs of the same.
var times = regexp.MustCompile(`[0-9.]+ ?(µs|ms|s|m)\b`)

// run runs the recipe and returns what it said, the lock and the output, as one text.
func (w *twin) run(args ...string) string {
	if w.forget {
		for _, path := range w.caches() {
			os.Remove(path)
		}
	}
	var out, errs bytes.Buffer
	code := Main(append([]string{"run", "-j", "1", "-C", w.dir, "r.yaml"}, args...), &out, &errs)
	lines := strings.Split(times.ReplaceAllString(out.String()+errs.String(), "T"), "\n")
	slices.Sort(lines) // of nodes that could run at the same time
	lock, _ := os.ReadFile(filepath.Join(w.dir, "r.lock"))
	all, _ := os.ReadFile(filepath.Join(w.dir, "out/all/f"))
	return fmt.Sprintf("code %d\n%s\n%s\n%s", code, strings.Join(lines, "\n"), lock, all)
}

// edits change both twins in the same way.
var edits = []struct {
	name string
	do   func(w *twin, n int)
}{
	{"nothing", func(*twin, int) {}},
	{"a source", func(w *twin, n int) { w.write("one.txt", fmt.Sprint(n)) }},
	{"a file of a source", func(w *twin, n int) { w.write("many/a.txt", fmt.Sprint(n, "\n")) }},
	{"the end of a file", func(w *twin, n int) { w.write("many/b.txt", fmt.Sprint("same, then ", n)) }},
	{"a source, back", func(w *twin, _ int) { w.write("one.txt", "one") }},
	{"a new file", func(w *twin, n int) { w.write(fmt.Sprintf("many/x%d.txt", n%5), "new") }},
	{"a file less", func(w *twin, n int) { os.Remove(filepath.Join(w.dir, fmt.Sprintf("many/x%d.txt", n%5))) }},
	{"a file that a step needs", func(w *twin, _ int) { os.Remove(filepath.Join(w.dir, "many/c.txt")) }},
	{"that file again", func(w *twin, _ int) { w.write("many/c.txt", "c") }},
	{"a parameter", func(w *twin, n int) { w.write("r.yaml", fmt.Sprintf(rememberRecipe, fmt.Sprint("w", n%2))) }},
	{"an axis of what a step makes", func(w *twin, _ int) {
		w.write("r.yaml", strings.Replace(fmt.Sprintf(rememberRecipe, "w0"), "\noutputs:", "\n"+dynamic, 1))
	}},
	{"a comment", func(w *twin, n int) {
		w.write("r.yaml", fmt.Sprintf(rememberRecipe, "w0")+fmt.Sprint("# ", n, "\n"))
	}},
	{"a mistake", func(w *twin, n int) {
		if n%4 == 0 {
			w.write("r.yaml", "name: [")
		}
	}},
	{"a blob less", func(w *twin, n int) { w.spoil(n, func(path string) error { return os.Remove(path) }) }},
	{"a damaged blob", func(w *twin, n int) {
		w.spoil(n, func(path string) error {
			os.Chmod(path, 0o644)
			return os.WriteFile(path, []byte("spoilt"), 0o644)
		})
	}},
	{"no records", func(w *twin, _ int) { os.RemoveAll(filepath.Join(w.dir, ".assay", "actions")) }},
	{"no output", func(w *twin, _ int) { os.RemoveAll(filepath.Join(w.dir, "out")) }},
	{"no lock", func(w *twin, _ int) { os.Remove(filepath.Join(w.dir, "r.lock")) }},
	{"a damaged cache", func(w *twin, n int) {
		if list := w.caches(); len(list) > 0 {
			path := list[n%len(list)]
			text, _ := os.ReadFile(path)
			if len(text) > 0 {
				text[n%len(text)] ^= 1
			}
			os.Remove(path) // settings are linked elsewhere
			os.WriteFile(path, text, 0o644)
		}
	}},
	{"a cache cut short", func(w *twin, n int) {
		if list := w.caches(); len(list) > 0 {
			os.Truncate(list[n%len(list)], int64(n%50))
		}
	}},
}

// spoil does something to the blob of a file that the steps made, which the lock leads to. It takes the same one of both twins.
func (w *twin) spoil(n int, do func(path string) error) {
	list, _ := filepath.Glob(filepath.Join(w.dir, ".assay/blobs/*/*"))
	slices.SortFunc(list, func(a, b string) int { return strings.Compare(filepath.Base(a), filepath.Base(b)) })
	if len(list) > 0 {
		if err := do(list[n%len(list)]); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestMemoryChangesNothing makes random changes to two projects. In one, runs remember what earlier ones did; in the
// other they do not. What runs say, execute, lock and deliver must be the same.
func TestMemoryChangesNothing(t *testing.T) {
	t.Chdir(t.TempDir()) // -C leaves it
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	var twins []*twin
	for _, forget := range []bool{false, true} {
		w := &twin{t, t.TempDir(), forget}
		w.write("r.yaml", fmt.Sprintf(rememberRecipe, "w0"))
		w.write("one.txt", "one")
		for _, n := range []string{"a", "b", "c"} {
			w.write("many/"+n+".txt", n)
		}
		twins = append(twins, w)
	}
	if got := twins[0].run(); !strings.HasPrefix(got, "code 0") || twins[1].run() == "" {
		t.Fatal(got)
	}
	for round := range 40 {
		args := [][]string{nil, nil, nil, nil, {"word"}, {"--set", "params.word=set"}, {"-k"}, {"--force", "head"}}[rng.IntN(8)]
		var did []string
		for range rng.IntN(3) {
			e, n := edits[rng.IntN(len(edits))], rng.IntN(1000)
			did = append(did, e.name)
			for _, w := range twins {
				e.do(w, n)
			}
		}
		got, want := twins[0].run(args...), twins[1].run(args...)
		got, want = strings.ReplaceAll(got, twins[0].dir, "DIR"), strings.ReplaceAll(want, twins[1].dir, "DIR")
		if got != want {
			t.Fatalf("round %d, run %q after %q: with what was remembered:\n%s\nwithout:\n%s", round, args, did, got, want)
		}
	}
}
