package engine_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assay/artifacts/source"
)

// Each row changes something in a chain of three steps, s1 (drops comments), s2 and s3 (copy),
// and says which steps must run again.

func TestNothingChanged(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.mustRun(chain, "strip copy join")
	l.mustRun(chain, "")
}

func TestInputTouched(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.mustRun(chain, "strip copy join")
	when := time.Now().Add(time.Hour)
	if err := os.Chtimes("data/in.txt", when, when); err != nil {
		t.Fatal(err)
	}
	l.mustRun(chain, "")
}

func TestEarlyCutoff(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "# one\na\n")
	l.mustRun(chain, "strip copy join")
	l.write("data/in.txt", "# two\na\n")
	l.mustRun(chain, "strip")
}

func TestInputChangedAndChangedBack(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	first := l.mustRun(chain, "strip copy join")
	l.write("data/in.txt", "b\n")
	l.mustRun(chain, "strip copy join")
	l.write("data/in.txt", "a\n")
	again := l.mustRun(chain, "")
	if string(first.Lock().Text()) != string(again.Lock().Text()) {
		t.Error("another lock for the same input")
	}
}

func TestParamChanged(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.mustRun(chain, "strip copy join")
	l.mustRun(strings.Replace(chain, "uses: strip", "uses: strip, with: {suffix: \"!\"}", 1), "strip copy join")
	l.mustRun(chain, "")
}

func TestStepRenamed(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.mustRun(chain, "strip copy join")
	l.mustRun(strings.ReplaceAll(chain, "s2", "middle"), "")
}

func TestEqualOutputs(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	rs := l.mustRun(chain, "strip copy join")
	if s1, s2 := l.content(rs, "s1", "in.txt"), l.content(rs, "s2", "in.txt"); s1 != "a\n" || s2 != "a\n" {
		t.Errorf("s1 %q, s2 %q", s1, s2)
	}
}

// blob returns the path of the blob of a file that a step made.
func (l *lab) blob(node string) string {
	_, rs, err := l.run(chain)
	if err != nil {
		l.t.Fatal(err)
	}
	for n, o := range rs.Outcomes {
		if n.Name() == node {
			return l.store.Path(o.Outputs["text"][0].Digest)
		}
	}
	return ""
}

func TestBlobEdited(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	path := l.blob("s3")
	os.Chmod(path, 0o644)
	l.write(path, "tampered")
	rs := l.mustRun(chain, "join")
	if got := l.content(rs, "s3", "in.txt"); got != "[] a\n" {
		t.Errorf("got %q", got)
	}
	if len(l.warns) != 1 || !strings.Contains(l.warns[0], "damaged") {
		t.Errorf("warnings: %q", l.warns)
	}
}

func TestBlobDeleted(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	os.Remove(l.blob("s3"))
	l.mustRun(chain, "join")
}

func TestBlobTouchedIsHashedAndBelieved(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	now := time.Now()
	if err := os.Chtimes(l.blob("s3"), now, now); err != nil {
		t.Fatal(err)
	}
	l.mustRun(chain, "")
}

func TestFailureAfterPartialWrite(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	boom := errors.New("boom")
	l.failIf = func(what string) error {
		if what == "copy" {
			return boom
		}
		return nil
	}
	ran, _, err := l.run(chain)
	if !errors.Is(err, boom) || !strings.HasPrefix(err.Error(), "s2: ") {
		t.Errorf("error %v", err)
	}
	if ran != "strip copy" {
		t.Errorf("ran %q", ran)
	}
	l.failIf = nil
	l.mustRun(chain, "copy join")
}

func TestInputEditedWhileItsReaderRuns(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.during["strip"] = func() { l.write("data/in.txt", "edited\n") }
	_, _, err := l.run(chain)
	if !errors.Is(err, source.ErrChanged) || !strings.Contains(err.Error(), filepath.Join("data", "in.txt")) {
		t.Fatalf("error %v", err)
	}
	delete(l.during, "strip")
	rs := l.mustRun(chain, "strip copy join")
	if got := l.content(rs, "s1", "in.txt"); got != "edited\n" {
		t.Errorf("got %q", got)
	}
}

func TestTwinsRunOnce(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	rs := l.mustRun(`
sources: {data: data}
steps:
  a: {uses: strip, in: {text: data}}
  b: {uses: strip, in: {text: data}}
`, "strip")
	if len(rs.Lock().Artifacts) != 2 {
		t.Error("both steps are to be in the lock")
	}
}

func TestPanicIsAnError(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.during["strip"] = func() { panic("oh") }
	if _, _, err := l.run(chain); err == nil || !strings.Contains(err.Error(), "strip@1 panicked") {
		t.Errorf("error %v", err)
	}
}

func TestCancel(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	l.block["copy"] = struct{}{}
	ctx, cancel := contextWithCancel(t)
	l.during["copy"] = cancel
	if _, err := l.engine().Run(ctx, l.graph(chain)); err == nil {
		t.Fatal("a cancelled run succeeded")
	}
	l.block, l.during = nil, nil
	l.mustRun(chain, "copy join")
}

func TestOptionalInput(t *testing.T) {
	l := newLab(t)
	l.write("data/in.txt", "a\n")
	rs := l.mustRun(chain, "strip copy join")
	if got := l.content(rs, "s2", "in.txt"); got != "a\n" {
		t.Errorf("without it: %q", got)
	}
	rs = l.mustRun(strings.Replace(chain, "text: s1.text", "text: s1.text, more: data", 1), "copy join")
	if got := l.content(rs, "s2", "in.txt"); got != "a\na\n" {
		t.Errorf("with it: %q", got)
	}
}
