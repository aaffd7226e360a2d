package artifacts

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func problems(t *testing.T, s *Store, repair bool) []string {
	t.Helper()
	got, err := s.Check(t.Context(), repair, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range got.Problems {
		if repair && !p.Repaired {
			t.Errorf("not repaired: %s %s", p.Path, p.What)
		}
		out = append(out, p.Path+" "+p.What)
	}
	return out
}

func TestCheckFindsAndRepairs(t *testing.T) {
	for _, c := range []struct {
		name   string
		damage func(s *Store, r *Result)
		want   []string
		hit    bool // the result is one after the repair
	}{
		{"nothing", func(*Store, *Result) {}, nil, true},
		{"a byte", func(s *Store, r *Result) { damage(s.Path(r.Outputs[0].Tree[0].Digest)) },
			[]string{"lacks what it made: file a b of output out", "is damaged"}, false},
		{"a list", func(s *Store, r *Result) { damage(s.Path(r.Outputs[0].Tree.Digest())) },
			[]string{"lacks what it made: the file list of output out", "is damaged"}, false},
		{"a blob gone", func(s *Store, r *Result) { os.Remove(s.Path(r.Outputs[0].Tree[0].Digest)) }, []string{"lacks what it made"}, false},
		{"a record", func(s *Store, r *Result) { damage(s.resultPath(r.Key)) }, []string{"is damaged"}, false},
		{"a seal", func(s *Store, r *Result) {
			os.Chtimes(s.Path(r.Outputs[0].Tree[0].Digest), time.Now(), time.Now())
		}, nil, true},
		{"a mode", func(s *Store, r *Result) { os.Chmod(s.Path(r.Outputs[0].Tree[0].Digest), 0o600) }, []string{"its mode is 0600"}, true},
		{"a link", func(s *Store, r *Result) {
			path := s.Path(r.Outputs[0].Tree[0].Digest)
			os.Rename(path, s.Dir()+"-elsewhere")
			os.Symlink(s.Dir()+"-elsewhere", path)
		}, []string{"lacks what it made", "is not a plain file"}, false},
		{"a memo", func(s *Store, r *Result) {
			os.WriteFile(filepath.Join(s.Dir(), "sources", "0123456789abcdef"), []byte(MemoHead+" ?"), 0o666)
		},
			[]string{"sources/0123456789abcdef cannot be read"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := OpenTemp(t)
			r := PutResult(t, s, "r", 1, Sample)
			c.damage(s, r)
			for range 2 { // looking changes nothing
				got := problems(t, s, false)
				if !slices.EqualFunc(got, c.want, strings.Contains) {
					t.Fatalf("problems %q, want %q", got, c.want)
				}
			}
			problems(t, s, true)
			checkClean(t, s)
			if IsHit(s, r) != c.hit {
				t.Errorf("hit: %v", !c.hit)
			}
		})
	}
}

func TestRepairLeavesWhatIsNotOfTheStore(t *testing.T) {
	s, _ := OpenTemp(t)
	r := PutResult(t, s, "r", 1, Sample)
	strays := []string{
		filepath.Join(s.Dir(), "actions", "x"),
		s.Path(r.Outputs[0].Tree[0].Digest) + "~",
		filepath.Join(s.Dir(), "blobs", strings.Repeat("ab", 32)),
	}
	for _, path := range strays {
		if err := os.WriteFile(path, []byte("somebody's"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Check(t.Context(), true, nil)
	if err != nil || len(got.Problems) != len(strays) || got.Left() != len(strays) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, path := range strays {
		if b, err := os.ReadFile(path); err != nil || string(b) != "somebody's" {
			t.Errorf("%s: %q, %v", path, b, err)
		}
	}
}

func damage(path string) {
	b, _ := os.ReadFile(path)
	os.Chmod(path, 0o644)
	os.WriteFile(path, append([]byte("!"), b...), 0o644)
	os.Chtimes(path, sealed, sealed)
	os.Chmod(path, blobMode)
}

func TestCheckOfPins(t *testing.T) {
	s, _ := OpenTemp(t)
	r := PutResult(t, s, "r", 1, Sample)
	tree := r.Outputs[0].Tree
	if _, err := s.PutPin(&Pin{Name: "p", Recipe: "r.yaml", Artifacts: []LockedArtifact{{"n.out", "k@1", r.Key, tree.Digest()}}}); err != nil {
		t.Fatal(err)
	}
	os.Remove(s.Path(tree[0].Digest))
	os.WriteFile(filepath.Join(s.Dir(), "pins", "bad"), []byte("assay pin 1\nrubbish\n"), 0o666)
	got, err := s.Check(t.Context(), true, nil)
	if err != nil || got.Left() != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	for i, want := range []string{"lacks what it made", "pins/bad line 2: \"rubbish\"", "pins/p keeps n.out of r.yaml, which lacks file a b"} {
		if p := got.Problems[i]; !strings.Contains(p.Path+" "+p.What, want) {
			t.Errorf("%s %s, want %s", p.Path, p.What, want)
		}
	}
	if _, err := s.Pins(); err == nil || !strings.Contains(err.Error(), "bad:2: ") {
		t.Errorf("error %v", err)
	}
}

func TestPins(t *testing.T) {
	s, _ := OpenTemp(t)
	p := &Pin{Name: "best", Recipe: "a b.yaml", Artifacts: []LockedArtifact{{"n[a=b.c].out", "k@1", Of(nil), Of([]byte("t"))}}, Actions: []Digest{Of(nil)}}
	for i, want := range []bool{true, false} {
		if isNew, err := s.PutPin(p); isNew != want || err != nil {
			t.Errorf("%d: %v, %v", i, isNew, err)
		}
	}
	got, err := s.Pins()
	if err != nil || len(got) != 1 || got[0].Name != "best" || string(got[0].Text()) != string(p.Text()) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.PutPin(&Pin{Name: "best"}); err == nil || !strings.Contains(err.Error(), "--remove best") {
		t.Errorf("error %v", err)
	}
	for _, name := range []string{"", "..", ".x", "a/b", "../x", "a b", strings.Repeat("x", 101)} {
		if _, err := s.PutPin(&Pin{Name: name}); err == nil {
			t.Errorf("%q was taken", name)
		}
	}
	if err := s.RemovePin("best"); err != nil {
		t.Error(err)
	}
	if err := s.RemovePin("best"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestExport(t *testing.T) {
	s, _ := OpenTemp(t)
	tree := CommitFiles(t, s, Sample)
	dir := filepath.Join(t.TempDir(), "out")
	if n, err := s.Export(t.Context(), tree, dir, false); n != len(tree)+1 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := s.Export(t.Context(), tree, dir, false); n != 0 || err != nil {
		t.Error("written again:", n, err)
	}
	if Of(ReadFile(t, SumsPath(dir))) != tree.Digest() {
		t.Error("the list is not the tree's text")
	}
	c := exec.Command("sha256sum", "-c", "--strict", SumsPath(dir))
	c.Dir = dir
	if out, err := c.CombinedOutput(); errors.Is(err, exec.ErrNotFound) {
		t.Log("no sha256sum here")
	} else if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	// The copies are the user's own: writing to one reaches no blob.
	path := filepath.Join(dir, "a.txt")
	if err := os.WriteFile(path, []byte("edited"), 0o666); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(dir, "z"))
	if _, err := s.Export(t.Context(), tree, dir, false); err == nil || !strings.Contains(err.Error(), "a.txt is there and differs") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "z")); err == nil {
		t.Error("something was written though a file differs")
	}
	if n, err := s.Export(t.Context(), tree, dir, true); n != 2 || err != nil {
		t.Error(n, err)
	}
	if text := ReadFile(t, path); string(text) != "one" {
		t.Errorf("a.txt is %q", text)
	}
	checkClean(t, s)
	damage(s.Path(tree[0].Digest)) // and sealed, so that only a copy finds it
	empty := t.TempDir()
	if _, err := s.Export(t.Context(), tree, empty, false); err == nil || !strings.Contains(err.Error(), "file a b: it is damaged in the store") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(empty, "a b")); err == nil {
		t.Error("a damaged file was exported")
	}
	os.Remove(s.Path(tree[0].Digest))
	if _, err := s.Export(t.Context(), tree, t.TempDir(), false); err == nil || !strings.Contains(err.Error(), "a b is no longer whole") {
		t.Errorf("error %v", err)
	}
}

func TestUsageCountsSharedBytesOnce(t *testing.T) {
	s, _ := OpenTemp(t)
	a := PutResult(t, s, "a", time.Second, map[string]string{"f": "1234", "own": "12"})
	b := PutResult(t, s, "b", time.Minute, map[string]string{"f": "1234"})
	CommitFiles(t, s, map[string]string{"f": "orphan"})
	all, err := s.UsageByKind(t.Context())
	if err != nil || len(all.Groups) != 1 || all.Groups[0].Results != 2 || all.Groups[0].Took != time.Minute+time.Second {
		t.Fatalf("%+v, %v", all, err)
	}
	if all.Orphans != 6+68 || all.Groups[0].Bytes != all.Results || all.Grouped != all.Results || all.Groups[0].Shared != 0 {
		t.Errorf("%+v", all)
	}
	u, err := s.UsageOf(t.Context(), map[Digest][]string{a.Key: {"a"}, b.Key: {"b", "c"}})
	if err != nil || len(u.Groups) != 3 || u.Total != all.Total {
		t.Fatalf("%+v, %v", u, err)
	}
	for _, g := range u.Groups {
		if want := map[string]int64{"a": 4, "b": 4 + 68, "c": 4 + 68}[g.Name]; g.Shared != want {
			t.Errorf("%s shares %d, want %d", g.Name, g.Shared, want)
		}
	}
	if u, err = s.UsageOf(t.Context(), map[Digest][]string{b.Key: {"b"}}); err != nil || u.Groups[0].Shared != 4 || u.Grouped != u.Groups[0].Bytes {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestOneCleansAlone(t *testing.T) {
	s, _ := OpenTemp(t)
	r := PutResult(t, s, "r", 1, Sample)
	Age(t, s.resultPath(r.Key), 40)
	plan, err := s.PlanGC(t.Context(), GC{Keep: month, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	other, err := Open(s.Dir(), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Collect(t.Context(), plan); !errors.Is(err, ErrBusy) {
		t.Errorf("collected while another process runs: %v", err)
	}
	if _, err := s.Check(t.Context(), true, nil); !errors.Is(err, ErrBusy) {
		t.Errorf("repaired while another process runs: %v", err)
	}
	if got := problems(t, s, false); len(got) != 0 {
		t.Error("looking needs nobody's leave:", got)
	}
	other.Close()
	release, err := s.Exclusive()
	if err != nil {
		t.Fatal(err)
	}
	said, opened := make(chan string, 1), make(chan error, 1)
	go func() {
		late, err := Open(s.Dir(), func(w string) { said <- w })
		opened <- errors.Join(err, late.Close())
	}()
	select {
	case w := <-said:
		if !strings.Contains(w, "waiting") {
			t.Errorf("warning %q", w)
		}
	case err := <-opened:
		t.Fatalf("opened while another process cleans: %v", err)
	}
	release()
	if err := <-opened; err != nil {
		t.Error(err)
	}
	if _, err := s.Collect(t.Context(), plan); err != nil || IsHit(s, r) {
		t.Errorf("alone: %v", err)
	}
}

func FuzzParseRecord(f *testing.F) {
	text := []byte("assay action 1\nkind k@1\ninput a[x=b c] " + Of(nil).String() + "\n")
	r := &record{text: text, outputs: []recordedOutput{{"out", Of(nil)}}, took: time.Second, notes: []string{"a\n\"b\""}}
	f.Add(r.format(), text)
	f.Fuzz(func(t *testing.T, b, text []byte) {
		for _, text := range [][]byte{text, b[min(len(b), strings.Index(string(b), "\n\n")+2):]} {
			r, err := parseRecord(Of(text), b)
			if err != nil {
				continue
			}
			r.kind()
			r.inputs()
			again, err := parseRecord(Of(text), r.format())
			if err != nil || !slices.Equal(again.outputs, r.outputs) || again.took != r.took || !slices.Equal(again.notes, r.notes) {
				t.Errorf("%q\nbecame\n%q, %v", b, r.format(), err)
			}
		}
	})
}

func FuzzParsePin(f *testing.F) {
	f.Add((&Pin{Recipe: "r.yaml", Artifacts: []LockedArtifact{{"n.out", "k@1", Of(nil), Of(nil)}}, Actions: []Digest{Of(nil)}}).Text())
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := parsePin(text)
		if err != nil {
			return
		}
		again, err := parsePin(p.Text())
		if err != nil || string(again.Text()) != string(p.Text()) {
			t.Errorf("%q\nbecame\n%q, %v", text, p.Text(), err)
		}
	})
}

func FuzzParseMemo(f *testing.F) {
	f.Add([]byte("assay source 1 5 /data\n" + Of(nil).String() + " 1 2 3 4 a b\n"))
	f.Fuzz(func(t *testing.T, b []byte) { parseMemo(b) })
}
