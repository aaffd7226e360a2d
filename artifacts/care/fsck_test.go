package care

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/artifacts"
	"assay/artifacts/deliver"
	"assay/artifacts/filetest"
	"assay/artifacts/source"
	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
)

func problems(t *testing.T, s *store.Store, repair bool) []string {
	t.Helper()
	got, err := Check(t.Context(), s, repair, nil)
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
		damage func(s *store.Store, r *store.Result)
		want   []string
		hit    bool // the result is one after the repair
	}{
		{"nothing", func(*store.Store, *store.Result) {}, nil, true},
		{"a byte", func(s *store.Store, r *store.Result) { damage(s.Path(r.Outputs[0].Tree[0].Digest)) },
			[]string{"lacks what it made: file a b of output out", "is damaged"}, false},
		{"a list", func(s *store.Store, r *store.Result) { damage(s.Path(r.Outputs[0].Tree.Digest())) },
			[]string{"lacks what it made: the file list of output out", "is damaged"}, false},
		{"a blob gone", func(s *store.Store, r *store.Result) { os.Remove(s.Path(r.Outputs[0].Tree[0].Digest)) },
			[]string{"lacks what it made"}, false},
		{"a record", func(s *store.Store, r *store.Result) { damage(s.ResultPath(r.Key)) }, []string{"is damaged"},
			false},
		{"a seal", func(s *store.Store, r *store.Result) {
			os.Chtimes(s.Path(r.Outputs[0].Tree[0].Digest), time.Now(), time.Now())
		}, nil, true},
		{"a mode", func(s *store.Store, r *store.Result) { os.Chmod(s.Path(r.Outputs[0].Tree[0].Digest), 0o600) },
			[]string{"its mode is 0600"}, true},
		{"a link", func(s *store.Store, r *store.Result) {
			path := s.Path(r.Outputs[0].Tree[0].Digest)
			os.Rename(path, s.Dir()+"-elsewhere")
			os.Symlink(s.Dir()+"-elsewhere", path)
		}, []string{"lacks what it made", "is not a plain file"}, false},
		{"a memo", func(s *store.Store, r *store.Result) {
			os.WriteFile(filepath.Join(s.Dir(), "sources", "0123456789abcdef"), []byte(source.MemoHead+" ?"), 0o666)
		},
			[]string{"sources/0123456789abcdef cannot be read"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := storetest.Open(t)
			r := storetest.PutResult(t, s, "r", 1, storetest.Sample)
			c.damage(s, r)
			for range 2 { // looking changes nothing
				got := problems(t, s, false)
				if !slices.EqualFunc(got, c.want, strings.Contains) {
					t.Fatalf("problems %q, want %q", got, c.want)
				}
			}
			problems(t, s, true)
			checkClean(t, s)
			if storetest.IsHit(s, r) != c.hit {
				t.Errorf("hit: %v", !c.hit)
			}
		})
	}
}

func TestRepairLeavesWhatIsNotOfTheStore(t *testing.T) {
	s, _ := storetest.Open(t)
	r := storetest.PutResult(t, s, "r", 1, storetest.Sample)
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
	got, err := Check(t.Context(), s, true, nil)
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
	os.Chtimes(path, store.Sealed, store.Sealed)
	os.Chmod(path, store.BlobMode)
}

func TestCheckOfPins(t *testing.T) {
	s, _ := storetest.Open(t)
	r := storetest.PutResult(t, s, "r", 1, storetest.Sample)
	tree := r.Outputs[0].Tree
	if _, err := PutPin(s, &Pin{Name: "p", Recipe: "r.yaml", Artifacts: []artifacts.LockedArtifact{{Name: "n.out",
		Kind: "k@1", Key: r.Key, Digest: tree.Digest()}}}); err != nil {
		t.Fatal(err)
	}
	os.Remove(s.Path(tree[0].Digest))
	os.WriteFile(filepath.Join(s.Dir(), "pins", "bad"), []byte("assay pin 1\nrubbish\n"), 0o666)
	got, err := Check(t.Context(), s, true, nil)
	if err != nil || got.Left() != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	for i, want := range []string{"lacks what it made", "pins/bad line 2: \"rubbish\"",
		"pins/p keeps n.out of r.yaml, which lacks file a b"} {
		if p := got.Problems[i]; !strings.Contains(p.Path+" "+p.What, want) {
			t.Errorf("%s %s, want %s", p.Path, p.What, want)
		}
	}
	if _, err := Pins(s); err == nil || !strings.Contains(err.Error(), "bad:2: ") {
		t.Errorf("error %v", err)
	}
}

func TestPins(t *testing.T) {
	s, _ := storetest.Open(t)
	p := &Pin{Name: "best", Recipe: "a b.yaml", Artifacts: []artifacts.LockedArtifact{{Name: "n[a=b.c].out",
		Kind: "k@1", Key: artifacts.Of(nil), Digest: artifacts.Of([]byte("t"))}},
		Actions: []artifacts.Digest{artifacts.Of(nil)}}
	for i, want := range []bool{true, false} {
		if isNew, err := PutPin(s, p); isNew != want || err != nil {
			t.Errorf("%d: %v, %v", i, isNew, err)
		}
	}
	got, err := Pins(s)
	if err != nil || len(got) != 1 || got[0].Name != "best" || string(got[0].Text()) != string(p.Text()) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := PutPin(s, &Pin{Name: "best"}); err == nil || !strings.Contains(err.Error(), "--remove best") {
		t.Errorf("error %v", err)
	}
	for _, name := range []string{"", "..", ".x", "a/b", "../x", "a b", strings.Repeat("x", 101)} {
		if _, err := PutPin(s, &Pin{Name: name}); err == nil {
			t.Errorf("%q was taken", name)
		}
	}
	if err := RemovePin(s, "best"); err != nil {
		t.Error(err)
	}
	if err := RemovePin(s, "best"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestExport(t *testing.T) {
	s, _ := storetest.Open(t)
	tree := storetest.CommitFiles(t, s, storetest.Sample)
	dir := filepath.Join(t.TempDir(), "out")
	if n, err := deliver.Export(t.Context(), s, tree, dir, false); n != len(tree)+1 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := deliver.Export(t.Context(), s, tree, dir, false); n != 0 || err != nil {
		t.Error("written again:", n, err)
	}
	if artifacts.Of(filetest.ReadFile(t, deliver.SumsPath(dir))) != tree.Digest() {
		t.Error("the list is not the tree's text")
	}
	c := exec.Command("sha256sum", "-c", "--strict", deliver.SumsPath(dir))
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
	if _, err := deliver.Export(t.Context(), s, tree, dir, false); err == nil || !strings.Contains(err.Error(),
		"a.txt exists and differs") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "z")); err == nil {
		t.Error("something was written though a file differs")
	}
	if n, err := deliver.Export(t.Context(), s, tree, dir, true); n != 2 || err != nil {
		t.Error(n, err)
	}
	if text := filetest.ReadFile(t, path); string(text) != "one" {
		t.Errorf("a.txt is %q", text)
	}
	checkClean(t, s)
	damage(s.Path(tree[0].Digest)) // and sealed, so that only a copy finds it
	empty := t.TempDir()
	if _, err := deliver.Export(t.Context(), s, tree, empty, false); err == nil || !strings.Contains(err.Error(),
		"file a b: it is damaged in the store") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(empty, "a b")); err == nil {
		t.Error("a damaged file was exported")
	}
	os.Remove(s.Path(tree[0].Digest))
	if _, err := deliver.Export(t.Context(), s, tree, t.TempDir(), false); err == nil || !strings.Contains(err.Error(),
		"a b is damaged in the store; make it again") {
		t.Errorf("error %v", err)
	}
}

func TestUsageCountsSharedBytesOnce(t *testing.T) {
	s, _ := storetest.Open(t)
	a := storetest.PutResult(t, s, "a", time.Second, map[string]string{"f": "1234", "own": "12"})
	b := storetest.PutResult(t, s, "b", time.Minute, map[string]string{"f": "1234"})
	storetest.CommitFiles(t, s, map[string]string{"f": "orphan"})
	all, err := UsageByKind(t.Context(), s)
	if err != nil || len(all.Groups) != 1 || all.Groups[0].Results != 2 || all.Groups[0].Took != time.Minute+
		time.Second {
		t.Fatalf("%+v, %v", all, err)
	}
	if all.Orphans != 6+68 || all.Groups[0].Bytes != all.Results || all.Grouped != all.Results ||
		all.Groups[0].Shared != 0 {
		t.Errorf("%+v", all)
	}
	u, err := UsageOf(t.Context(), s, map[artifacts.Digest][]string{a.Key: {"a"}, b.Key: {"b", "c"}})
	if err != nil || len(u.Groups) != 3 || u.Total != all.Total {
		t.Fatalf("%+v, %v", u, err)
	}
	for _, g := range u.Groups {
		if want := map[string]int64{"a": 4, "b": 4 + 68, "c": 4 + 68}[g.Name]; g.Shared != want {
			t.Errorf("%s shares %d, want %d", g.Name, g.Shared, want)
		}
	}
	if u, err = UsageOf(t.Context(), s, map[artifacts.Digest][]string{b.Key: {"b"}}); err != nil ||
		u.Groups[0].Shared != 4 || u.Grouped != u.Groups[0].Bytes {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestOneCleansAlone(t *testing.T) {
	s, _ := storetest.Open(t)
	r := storetest.PutResult(t, s, "r", 1, storetest.Sample)
	filetest.Age(t, s.ResultPath(r.Key), 40)
	plan, err := PlanGC(t.Context(), s, GC{Keep: month, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	other, err := store.Open(s.Dir(), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Collect(t.Context(), s, plan); !errors.Is(err, store.ErrBusy) {
		t.Errorf("collected while another process runs: %v", err)
	}
	if _, err := Check(t.Context(), s, true, nil); !errors.Is(err, store.ErrBusy) {
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
		late, err := store.Open(s.Dir(), func(w string) { said <- w })
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
	if _, err := Collect(t.Context(), s, plan); err != nil || storetest.IsHit(s, r) {
		t.Errorf("alone: %v", err)
	}
}

func FuzzParseRecord(f *testing.F) {
	text := []byte("assay action 1\nkind k@1\ninput a[x=b c] " + artifacts.Of(nil).String() + "\n")
	r := &artifacts.Record{Text: text, Outputs: []artifacts.NamedTree{{Name: "out", Tree: artifacts.Of(nil)}},
		Took: time.Second, Notes: []artifacts.Note{{Warning: "a\n\"b\""}, {Count: "c d", N: -1}}}
	f.Add(r.Format(), text)
	f.Fuzz(func(t *testing.T, b, text []byte) {
		for _, text := range [][]byte{text, b[min(len(b), strings.Index(string(b), "\n\n")+2):]} {
			r, err := artifacts.ParseRecord(artifacts.Of(text), b)
			if err != nil {
				continue
			}
			r.Action()
			again, err := artifacts.ParseRecord(artifacts.Of(text), r.Format())
			if err != nil || !slices.Equal(again.Outputs, r.Outputs) || again.Took != r.Took ||
				!slices.Equal(again.Notes, r.Notes) {
				t.Errorf("%q\nbecame\n%q, %v", b, r.Format(), err)
			}
		}
	})
}

func FuzzParsePin(f *testing.F) {
	f.Add((&Pin{Recipe: "r.yaml", Artifacts: []artifacts.LockedArtifact{{Name: "n.out", Kind: "k@1",
		Key: artifacts.Of(nil), Digest: artifacts.Of(nil)}}, Actions: []artifacts.Digest{artifacts.Of(nil)}}).Text())
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
	f.Add([]byte("assay source 1 5 /data\n" + artifacts.Of(nil).String() + " 1 2 3 4 a b\n"))
	f.Fuzz(func(t *testing.T, b []byte) { source.ParseMemo(b) })
}
