package artifacts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func testLock() *Lock {
	return &Lock{
		Sources: []LockedSource{{"corpus", Of([]byte("c"))}},
		Artifacts: []LockedArtifact{
			{"b[x=1].out", "k@1", Of([]byte("key b")), Of([]byte("b"))},
			{"a.out", "k@1", Of([]byte("key a")), Of([]byte("a"))},
		},
	}
}

func TestLockReadsBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.lock")
	if wrote, err := WriteLock(path, testLock().Text()); !wrote || err != nil {
		t.Fatal(wrote, err)
	}
	if wrote, err := WriteLock(path, testLock().Text()); wrote || err != nil {
		t.Error("written again though unchanged", err)
	}
	got, err := ReadLock(path)
	if err != nil {
		t.Fatal(err)
	}
	if diffs := got.Compare(testLock()); len(diffs) != 0 {
		t.Errorf("differences %v", diffs)
	}
}

func TestLockErrorsNameTheLine(t *testing.T) {
	good := string(testLock().Text())
	for _, c := range []struct{ text, want string }{
		{"", "r.lock:1: the lock is empty"},
		{"something\n", "r.lock:1: not a lock"},
		{good + "zzz artifact\n", `r.lock:5: "zzz" is not a SHA-256 digest`},
		{good + "<<<<<<< HEAD\n", "r.lock:5: this is a merge conflict"},
		{good + Of(nil).String() + " thing x\n", "r.lock:5: want"},
	} {
		path := filepath.Join(t.TempDir(), "r.lock")
		os.WriteFile(path, []byte(c.text), 0o666)
		if _, err := ReadLock(path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestCompareNamesStepArtifactAndDigests(t *testing.T) {
	a, b := Of([]byte("a")).String(), Of([]byte("edited")).String()
	for _, c := range []struct {
		name string
		edit func(l *Lock)
		want []string
	}{
		{"edited digest", func(l *Lock) { l.Artifacts[1].Digest = Of([]byte("edited")) }, []string{"a.out (step a)", b, a, "same action made other bytes"}},
		{"other action", func(l *Lock) { l.Artifacts[1].Digest, l.Artifacts[1].Key = Of([]byte("edited")), Of(nil) }, []string{"a.out (step a)", b, a, "its action differs too"}},
		{"other key only", func(l *Lock) { l.Artifacts[1].Key = Of(nil) }, []string{"action a.out", "artifact is the same"}},
		{"line lost", func(l *Lock) { l.Artifacts = l.Artifacts[:1] }, []string{"a.out", "absent", a, "older than the recipe"}},
		{"line too many", func(l *Lock) { l.Artifacts = append(l.Artifacts, LockedArtifact{Name: "c.x"}) }, []string{"c.x (step c)", "absent", "no longer makes this artifact"}},
		{"source", func(l *Lock) { l.Sources[0].Digest = Of(nil) }, []string{"source corpus", Of(nil).String(), "data have changed"}},
	} {
		l := testLock()
		c.edit(l)
		diffs := l.Compare(testLock())
		if len(diffs) != 1 {
			t.Errorf("%s: %d differences", c.name, len(diffs))
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(diffs[0].String(), want) {
				t.Errorf("%s: no %q in:\n%s", c.name, want, diffs[0])
			}
		}
	}
}

func FuzzParseLock(f *testing.F) {
	f.Add(testLock().Text())
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := ParseLock(text)
		if err != nil {
			return
		}
		if _, err := ParseLock(l.Text()); err != nil {
			t.Errorf("the lock's own text is refused: %v", err)
		}
	})
}

func FuzzParseTree(f *testing.F) {
	f.Add(Tree{{"a", Of(nil)}, {"b/c", Of([]byte("x"))}}.Text())
	f.Fuzz(func(t *testing.T, text []byte) {
		tree, err := ParseTree(text)
		if err == nil && string(tree.Text()) != string(text) {
			t.Errorf("%q reads as a tree whose text is %q", text, tree.Text())
		}
	})
}
