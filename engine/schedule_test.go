package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"assay/engine"
	"assay/engine/event"
	"assay/engine/graph"
)

// wide has a step that may fail, one that needs it, and one that does not.
const wide = `
sources: {data: data}
steps:
  bad: {uses: strip, in: {text: data}}
  after: {uses: copy, in: {text: bad.text}}
  later: {uses: join, in: {texts: after.text}}
  other: {uses: join, in: {texts: data}}
`

func failing(what string, times int) func(string) error {
	return func(kind string) error {
		if kind == what && times > 0 {
			times--
			return fmt.Errorf("fault %d", times)
		}
		return nil
	}
}

// An error of several lines is kept apart from the next one.
func TestFailuresOfSeveralLines(t *testing.T) {
	err := &engine.RunError{Failed: []error{errors.New("a: exit status 1\n  its inputs: in/d/x"), errors.New("b: exit status 2")}}
	if want := "2 failed, 0 skipped\n  a: exit status 1\n    its inputs: in/d/x\n  b: exit status 2"; err.Error() != want {
		t.Errorf("said\n%v\nwant\n%s", err, want)
	}
}

func TestKeepGoing(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.failIf = failing("strip", 1)
	e := l.engine()
	e.KeepGoing = true
	_, err := e.Run(t.Context(), l.graph(wide))
	var failed *engine.RunError
	if !errors.As(err, &failed) {
		t.Fatalf("error %v", err)
	}
	if want := "1 failed, 2 skipped\n  bad: fault 0\n    blocks after, later"; err.Error() != want {
		t.Errorf("said\n%v\nwant\n%s", err, want)
	}
	if got := strings.Join(l.ran, " "); !strings.Contains(got, "join") || strings.Contains(got, "copy") {
		t.Errorf("ran %q", got)
	}
	l.failIf = nil
	l.mustRun(wide, "strip copy") // later has the same input as other had, so the same result
}

func TestRetries(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	text := strings.Replace(wide, "uses: strip,", "uses: strip, retries: 1,", 1)
	l.failIf = failing("strip", 1)
	if _, _, err := l.run(text); err != nil {
		t.Fatal(err)
	}
	retried := 0
	for _, ev := range l.notes {
		if ev.What == event.Retrying {
			retried++
			if !strings.Contains(ev.Text, "attempt 1 of 2 failed") || !strings.Contains(ev.Text, "fault 0") {
				t.Errorf("said %q", ev.Text)
			}
		}
	}
	if retried != 1 {
		t.Errorf("%d retries", retried)
	}
	l.write("data/in.txt", "b\n")
	l.failIf = failing("strip", 2)
	if _, _, err := l.run(text); err == nil || !strings.Contains(err.Error(), "bad: fault 0") {
		t.Errorf("error %v", err)
	}
}

func TestTimeout(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.block["strip"] = struct{}{}
	_, _, err := l.run(strings.Replace(wide, "uses: strip,", "uses: strip, timeout: 30ms,", 1))
	if err == nil || !strings.Contains(err.Error(), "bad: it took longer than its timeout of 30ms") {
		t.Errorf("error %v", err)
	}
}

func TestLimitsAreNoPartOfKeys(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.run(wide)
	l.mustRun("slots: {gpu: 1}\n"+strings.Replace(wide, "uses: strip,", "uses: strip, timeout: 1h, retries: 3, resources: {cpu: 2, memory: 1GiB, gpu: 1},", 1), "")
}

func TestForce(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.mustRun(chain, "strip copy join")
	e := l.engine()
	e.Force = func(n *graph.Node) bool { return n.Step == "s2" }
	l.ran, l.notes = nil, nil
	if _, err := e.Run(t.Context(), l.graph(chain)); err != nil || strings.Join(l.ran, " ") != "copy" {
		t.Errorf("ran %q, %v", l.ran, err)
	}
}

func TestUntil(t *testing.T) {
	l := newLab(t)
	g, err := l.graph(wide).Until([]string{"after"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, n := range g.Nodes {
		names = append(names, n.Name())
	}
	if got := strings.Join(names, " "); got != "bad after other" {
		t.Errorf("until after: %s", got)
	}
	if _, err := l.graph(wide).Until([]string{"none"}); err == nil {
		t.Error("an unknown target was taken")
	}
}
