package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"assay/engine"
	"assay/engine/event"
	"assay/engine/recipe"
)

// scatter has an axis over what list makes, one over what depends on that, and a step that needs neither.
const scattered = `
shards: 1
sources: {data: data, o: other}
steps:
  free: {uses: each, in: {files: data}}
  list: {uses: copy, in: {text: data/in.txt}}
  map: {uses: strip, matrix: {x: {lines: list.text/in.txt}}, in: {text: o}, with: {suffix: "${x}\n"}}
  sum: {uses: join, in: {texts: map.text}}
  again: {uses: strip, matrix: {y: {lines: sum.text/in.txt}}, in: {text: o}, with: {suffix: "-${y}\n"}}
  all: {uses: join, in: {texts: [again.text, free.text]}}
`

// scatterLab has a list of two items.
func scatterLab(t *testing.T) *lab {
	l := newLab(t)
	l.write("data/in.txt", "b\na\n")
	l.write("other/in.txt", "")
	return l
}

func sorted(words string) string {
	list := strings.Fields(words)
	slices.Sort(list)
	return strings.Join(list, " ")
}

// TestGraphGrows runs axes over what is made, one over the other, and changes a list.
func TestGraphGrows(t *testing.T) {
	l := scatterLab(t)
	ran, rs, err := l.run(scattered)
	if err != nil || sorted(ran) != "copy each join join strip strip strip strip" {
		t.Fatalf("ran %q: %v", ran, err)
	}
	lock := string(rs.Lock().Text())
	if got := strings.Count(lock, "again["); got != 2 || len(rs.Graph.Later) != 0 {
		t.Errorf("%d nodes of again in the lock:\n%s", got, lock)
	}
	var known []string
	for _, ev := range l.notes {
		if ev.What == event.Known {
			known = append(known, fmt.Sprint(ev.Step, ev.Count, len(ev.Names)))
		}
		if ev.What == event.Started && ev.Node == "map[x=a]" && ev.After != "list" {
			t.Errorf("%s waited for %q", ev.Node, ev.After)
		}
	}
	if got := strings.Join(known, " "); got != "map2 2 sum1 1 again2 2 all1 1" {
		t.Errorf("known: %s", got)
	}
	l.mustRun(scattered, "")
	l.write("data/in.txt", "a\nb\nc\n")
	ran, _, err = l.run(scattered)
	if want := "copy each join join strip strip"; err != nil || sorted(ran) != want {
		t.Errorf("one item more: ran %q, want %q (%v)", sorted(ran), want, err)
	}
	l.write("data/in.txt", "b\na\n")
	if _, rs, err = l.run(scattered); err != nil || string(rs.Lock().Text()) != lock || len(l.ran) > 0 {
		t.Errorf("back again: ran %q, another lock: %v (%v)", l.ran, string(rs.Lock().Text()) != lock, err)
	}
}

// TestGrowthIsNoBarrier lets a step that needs no list run from before the list is made until the nodes over it ran.
func TestGrowthIsNoBarrier(t *testing.T) {
	l := scatterLab(t)
	begun, mapped := make(chan struct{}), make(chan struct{})
	wait := func(c chan struct{}, what string) {
		select {
		case <-c:
		case <-time.After(time.Minute):
			t.Error("waited in vain until " + what)
		}
	}
	l.during["copy"] = func() { wait(begun, "free had begun") }
	l.during["strip"] = sync.OnceFunc(func() { close(mapped) })
	l.during["each"] = sync.OnceFunc(func() { close(begun); wait(mapped, "a node of map ran") })
	if _, _, err := l.run(scattered); err != nil {
		t.Fatal(err)
	}
}

// TestResumeOfGrownGraph fails at every execution in turn. What was done before is not done again.
func TestResumeOfGrownGraph(t *testing.T) {
	clean := scatterLab(t)
	_, want, err := clean.run(scattered)
	if err != nil {
		t.Fatal(err)
	}
	l := scatterLab(t)
	total, done := 0, false
	for range 20 {
		var runs atomic.Int32
		l.failIf = func(string) error {
			if runs.Add(1) > 1 {
				return errors.New("enough")
			}
			return nil
		}
		_, rs, err := l.run(scattered)
		total += len(l.ran)
		if done = err == nil; done {
			if string(rs.Lock().Text()) != string(want.Lock().Text()) {
				t.Error("another lock after the failures")
			}
			break
		}
	}
	if !done {
		t.Error("it never ended")
	}
	l.failIf = nil
	l.mustRun(scattered, "")
	if total > 3*8 { // some were begun beside the one that failed
		t.Errorf("%d executions of 8 nodes", total)
	}
}

// TestKeepGoingWithAnUnknownStep goes on with all that does not need a list that is empty, or that failed.
func TestKeepGoingWithAnUnknownStep(t *testing.T) {
	l := scatterLab(t)
	for name, c := range map[string]struct {
		list, want string
		fail       func(string) error
	}{
		"an empty list": {"\n", "1 failed, 3 skipped\n  map: r.yaml:7:42: axis x: list.text/in.txt has no values " +
			"(give it some, or list the values here)\n    blocks sum, again, all", nil},
		"a failed list": {"a\n", "1 failed, 4 skipped\n  list: fault 0\n    blocks map, sum, again, all", failing("copy", 1)},
	} {
		l.write("data/in.txt", c.list)
		l.ran, l.failIf = nil, c.fail
		e := l.engine()
		e.KeepGoing = true
		_, err := e.Run(t.Context(), l.graph(scattered))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: said\n%v\nwant\n%s", name, err, c.want)
		}
		if !slices.Contains(l.ran, "each") {
			t.Errorf("%s: ran %q", name, l.ran)
		}
	}
	l.failIf = nil
	l.write("data/in.txt", "\n")
	if _, _, err := l.run(scattered); len(recipe.MistakesIn(err)) != 1 {
		t.Errorf("without keep-going: %v", err)
	}
}

// TestKeepGoingBesideABadAxis blames one of two steps over the same list, and goes on with the other one.
func TestKeepGoingBesideABadAxis(t *testing.T) {
	l := scatterLab(t)
	const text = `
sources: {data: data, o: other}
steps:
  list: {uses: copy, in: {text: data/in.txt}}
  bad: {uses: strip, matrix: {x: {lines: list.text/none}}, in: {text: o}}
  good: {uses: strip, matrix: {x: {lines: list.text/in.txt}}, in: {text: o}, with: {suffix: "${x}"}}
  end: {uses: join, in: {texts: good.text}}
`
	e := l.engine()
	e.KeepGoing = true
	_, err := e.Run(t.Context(), l.graph(text))
	want := "1 failed, 0 skipped\n  bad: r.yaml:5:42: axis x: list.text has no file \"none\" (known: in.txt)"
	if err == nil || err.Error() != want || sorted(strings.Join(l.ran, " ")) != "copy join strip strip" {
		t.Errorf("ran %q, said\n%v\nwant\n%s", l.ran, err, want)
	}
	if _, _, err := l.run(text); err == nil || !strings.HasPrefix(err.Error(), "bad: r.yaml:5:42: ") || !engine.Began(err) {
		t.Errorf("without keep-going: %v", err)
	}
}

// TestPlanOfUnknownSteps plans what is known, before and after.
func TestPlanOfUnknownSteps(t *testing.T) {
	l := scatterLab(t)
	plan := func() string {
		rs, plan, err := l.engine().Inspect(t.Context(), l.graph(scattered))
		if err != nil {
			t.Fatal(err)
		}
		count := map[engine.State]int{}
		for _, p := range plan {
			count[p.State]++
		}
		return fmt.Sprint(count[engine.WillRun], count[engine.MayRun], count[engine.UpToDate], len(rs.Graph.Later))
	}
	if got := plan(); got != "2 0 0 4" {
		t.Errorf("before: %s", got)
	}
	if _, _, err := l.run(scattered); err != nil {
		t.Fatal(err)
	}
	if got := plan(); got != "0 0 8 0" {
		t.Errorf("after: %s", got)
	}
	l.write("other/in.txt", "x\n")
	if got := plan(); got != "2 1 2 2" {
		t.Errorf("what the nodes over the list read changed: %s", got)
	}
	l.write("data/in.txt", "a\n")
	if got := plan(); got != "2 0 0 4" {
		t.Errorf("the list may change: %s", got)
	}
}
