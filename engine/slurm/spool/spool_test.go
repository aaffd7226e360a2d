package spool

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/engine"
	"assay/engine/step"
)

func newSet(t *testing.T, n int) *Set {
	t.Helper()
	var jobs []*engine.Message
	for i := range n {
		jobs = append(jobs, &engine.Message{Text: fmt.Sprintf("action %d", i), Node: fmt.Sprint("node ", i)})
	}
	set, err := New(t.TempDir(), Set{ID: NewID(), Step: "s", CPU: 2, Mem: 5}, jobs)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestSet(t *testing.T) {
	made := newSet(t, 12)
	list := List(filepath.Dir(made.Dir))
	if len(list) != 1 || list[0].ID != made.ID || list[0].Count != 12 || list[0].CPU != 2 || list[0].PID != os.Getpid() {
		t.Fatalf("%+v", list)
	}
	keys, err := list[0].Keys()
	if err != nil || len(keys) != 12 {
		t.Fatal(len(keys), err)
	}
	for i := range 12 {
		m, err := list[0].Job(i)
		if err != nil || m.Node != fmt.Sprint("node ", i) || m.Key() != keys[i] {
			t.Errorf("job %d: %+v, %v", i, m, err)
		}
	}
	for _, i := range []int{-1, 12} {
		if _, err := made.Job(i); err == nil {
			t.Errorf("there is a job %d", i)
		}
	}
	if err := made.Remove(); err != nil || len(List(filepath.Dir(made.Dir))) > 0 {
		t.Error("it is still there", err)
	}
}

// Whatever stands in the files of a set, it is an error and not a crash.
func TestDamaged(t *testing.T) {
	for file, text := range map[string]string{
		"set.json": `{"count": -1}`, "index": strings.Repeat("9", 5*indexWidth), "jobs": "{\n", "try-1.json": `{"jobs": [7], "group": 1}`,
	} {
		set := newSet(t, 2)
		if err := set.PutTry(1, &Try{Jobs: []int{0}, Group: 1}); err != nil {
			t.Fatal(err)
		}
		os.WriteFile(filepath.Join(set.Dir, file), []byte(text), 0o666)
		_, err1 := Open(set.Dir)
		_, err2 := set.Job(1)
		_, err3 := set.Keys()
		_, err4 := set.ReadTry(1)
		if err1 == nil && err2 == nil && err3 == nil && err4 == nil {
			t.Errorf("a damaged %s is believed", file)
		}
	}
}

func TestOutcome(t *testing.T) {
	set := newSet(t, 1)
	ref := Ref{0, 1}
	room, err := set.Reserve(ref)
	if err != nil {
		t.Fatal(err)
	}
	done := set.Done()
	if refs, err := done.Refs(); err != nil || len(refs) > 0 {
		t.Errorf("it ended before it began: %v, %v", refs, err)
	}
	if err := room.Finish(&Outcome{Class: Failed, Error: strings.Repeat("\x01é", roomSize)}); err != nil {
		t.Fatal(err)
	}
	refs, err := done.Refs()
	if err != nil || !slices.Equal(refs, []Ref{ref}) {
		t.Errorf("%v, %v", refs, err)
	}
	o, err := set.Outcome(ref)
	if err != nil || o.Class != Failed || len(o.Error) < 1000 {
		t.Errorf("%+v, %v", o, err)
	}
	if st, err := os.Stat(filepath.Join(set.Dir, "done", ref.name())); err != nil || st.Size() > roomSize {
		t.Error("it did not stay within its room", err)
	}
}

func TestSaid(t *testing.T) {
	set := newSet(t, 1)
	ref := Ref{0, 1}
	s, err := set.Speak(ref)
	if err != nil {
		t.Fatal(err)
	}
	s.Emit(step.Message{Count: "things", N: 3})
	for i := range 10 {
		s.Emit(step.Message{Done: i, Total: 10})
	}
	s.Emit(step.Message{Done: 10, Total: 10})
	s.Beat(Beat{Host: "n1", RSS: 7})
	var got []string
	l := set.Listen(ref)
	hear := func(line Line) {
		if line.Message != nil {
			got = append(got, fmt.Sprint(line.Message.Done, line.Message.Log))
		} else {
			got = append(got, line.Beat.Host)
		}
	}
	if at, err := l.Next(hear); err != nil || time.Since(at) > time.Minute {
		t.Error(at, err)
	}
	if want := []string{"0", "10", "n1"}; !slices.Equal(got, want) {
		t.Errorf("heard %q, want %q", got, want)
	}
	got = nil
	s.f.WriteString("{\"m\": {\"Log\": \"half a li")
	l.Next(hear)
	s.f.WriteString("ne\"}}\nnonsense\n")
	l.Next(hear)
	if want := []string{"0half a line"}; !slices.Equal(got, want) {
		t.Errorf("heard %q, want %q", got, want)
	}
	if b := set.LastBeat(ref); b == nil || b.RSS != 7 {
		t.Errorf("last beat %+v", b)
	}
}

// A job that prints without end does not fill the disk, and its last lines are kept.
func TestLoud(t *testing.T) {
	set := newSet(t, 1)
	s, err := set.Speak(Ref{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("x", 1<<10)
	for range 2 * maxSaid >> 10 {
		s.Emit(step.Message{Log: text})
	}
	s.Emit(step.Message{Log: "the end"})
	s.Close()
	last := ""
	set.Listen(Ref{0, 1}).Next(func(l Line) { last = l.Message.Log })
	st, err := os.Stat(filepath.Join(set.Dir, "said", "0.1"))
	if err != nil || st.Size() > 2*maxSaid || last != "the end" {
		t.Errorf("%d bytes, the last line is %.20q, %v", st.Size(), last, err)
	}
}

func TestTry(t *testing.T) {
	set := newSet(t, 7)
	if err := set.PutTry(1, &Try{Jobs: []int{0, 1, 2, 3, 4, 5, 6}, Group: 3}); err != nil {
		t.Fatal(err)
	}
	try, err := set.ReadTry(1)
	if err != nil || try.Tasks() != 3 || !slices.Equal(try.Of(2), []int{6}) || try.Of(3) != nil || try.Of(-1) != nil {
		t.Errorf("%+v, %v", try, err)
	}
	if id, k, ok := ParseJobName(set.JobName(12)); !ok || id != set.ID || k != 12 {
		t.Error(id, k, ok)
	}
}

// A set has one head, and another takes over when that is gone.
func TestClaim(t *testing.T) {
	set := newSet(t, 1)
	first, ok := set.Claim()
	if !ok {
		t.Fatal("nobody may have it")
	}
	if _, ok := set.Claim(); ok {
		t.Error("two heads have it")
	}
	first.Release()
	second, ok := set.Claim()
	if !ok {
		t.Fatal("it cannot be taken over")
	}
	second.Release()
	set.Host = "another"
	if _, ok := set.Claim(); ok {
		t.Error("it was taken from a head of another machine that is alive")
	}
	old := time.Now().Add(-2 * stale)
	os.Chtimes(filepath.Join(set.Dir, "open"), old, old)
	if _, ok := set.Claim(); !ok {
		t.Error("it cannot be taken from a head of another machine that is gone")
	}
}

func FuzzParseLine(f *testing.F) {
	f.Add([]byte(`{"m": {"Log": "x"}}`))
	f.Add([]byte(`{"beat": {"host": "n1"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if l, ok := parseLine(text); ok && l.Message == nil && l.Beat == nil {
			t.Errorf("%q says nothing", text)
		}
	})
}

func FuzzParseRef(f *testing.F) {
	f.Add("3.1")
	f.Fuzz(func(t *testing.T, name string) {
		if r, ok := parseRef(name); ok && (r.name() != name || r.Job < 0 || r.Try < 1) {
			t.Errorf("%q: %+v", name, r)
		}
		if id, k, ok := ParseJobName(name); ok && (len(id) != idLength || k < 1) {
			t.Errorf("%q: %s, %d", name, id, k)
		}
	})
}

func FuzzParseIndex(f *testing.F) {
	f.Add([]byte(fmt.Sprintf("%*d %s\n", endWidth, 7, strings.Repeat("0", 64))))
	f.Fuzz(func(t *testing.T, line []byte) { parseIndex(line) })
}
