package care

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"assay/artifacts"
	"assay/artifacts/filetest"
	"assay/artifacts/receipt"
	"assay/artifacts/recipes"
	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
)

func gcNow(t *testing.T, s *store.Store, gc GC) *Collection {
	t.Helper()
	gc.Now = time.Now()
	plan, err := PlanGC(t.Context(), s, gc)
	if err != nil {
		t.Fatal(err)
	}
	done, err := Collect(t.Context(), s, plan)
	if err != nil {
		t.Fatal(err)
	}
	if done.Freed != plan.Freed || done.Left != plan.Left || len(done.Lost) != len(plan.Lost) {
		t.Errorf("planned %d results, %d bytes, left %d; did %d, %d, %d", len(plan.Lost), plan.Freed, plan.Left,
			len(done.Lost), done.Freed, done.Left)
	}
	return done
}

func checkClean(t *testing.T, s *store.Store) {
	t.Helper()
	got, err := Check(t.Context(), s, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range got.Problems {
		t.Errorf("%s %s", p.Path, p.What)
	}
}

const month = 30 * 24 * time.Hour

func TestGCKeepsWhatIsUsedLockedOrPinned(t *testing.T) {
	s, _ := storetest.Open(t)
	src := artifacts.Tree{{Name: "data.csv", Digest: artifacts.Of([]byte("outside"))}}
	if err := s.PutTree(src); err != nil {
		t.Fatal(err)
	}
	gone := artifacts.Tree{{Name: "data.csv", Digest: artifacts.Of([]byte("older"))}}
	if err := s.PutTree(gone); err != nil {
		t.Fatal(err)
	}
	recent := storetest.PutResult(t, s, "recent", 1, map[string]string{"r": "recent", "shared": "both"}, src.Digest())
	old := storetest.PutResult(t, s, "old", time.Minute, map[string]string{"o": "old", "shared": "both"}, gone.Digest())
	locked := storetest.PutResult(t, s, "locked", 1, map[string]string{"l": "locked"})
	pinned := storetest.PutResult(t, s, "pinned", 1, map[string]string{"p": "pinned"})
	for _, r := range []*store.Result{old, locked, pinned} {
		filetest.Age(t, s.ResultPath(r.Key), 31)
	}
	lock := &artifacts.Lock{Artifacts: []artifacts.LockedArtifact{{Name: "n.out", Kind: "k@1", Key: locked.Key,
		Digest: locked.Outputs[0].Tree.Digest()}}}
	pin := &Pin{Name: "p", Artifacts: []artifacts.LockedArtifact{{Name: "n.out", Kind: "k@1", Key: pinned.Key,
		Digest: pinned.Outputs[0].Tree.Digest()}}}
	done := gcNow(t, s, GC{Keep: month, Roots: []Root{RootOf(lock, "l"), pin.Root()}})
	if !storetest.IsHit(s, recent) || !storetest.IsHit(s, locked) || storetest.IsHit(s, old) {
		t.Errorf("hits: recent %v, locked %v, old %v", storetest.IsHit(s, recent), storetest.IsHit(s, locked),
			storetest.IsHit(s, old))
	}
	if storetest.IsHit(s, pinned) || !s.Whole(pinned.Outputs[0].Tree[0].Digest, true) {
		t.Error("of an action that is not pinned, only the pinned files are to be kept")
	}
	if len(done.Lost) != 2 || done.Lost[0].Took+done.Lost[1].Took != time.Minute+1 {
		t.Errorf("lost %+v", done.Lost)
	}
	if _, err := s.ReadTree(src.Digest()); err != nil {
		t.Error("the list of what a kept action read is gone:", err)
	}
	if _, err := s.ReadTree(gone.Digest()); err == nil {
		t.Error("the list of what no kept action read is there")
	}
	checkClean(t, s)
	if again := gcNow(t, s, GC{Keep: month, Roots: []Root{RootOf(lock, "l"), pin.Root()}}); !again.Empty() {
		t.Errorf("a second collection: %+v", again)
	}
}

func TestGCKeepsShardsOfALock(t *testing.T) {
	s, _ := storetest.Open(t)
	a := storetest.PutResult(t, s, "a", 1, map[string]string{"x": "1"})
	b := storetest.PutResult(t, s, "b", 1, map[string]string{"y": "2"})
	empty := storetest.PutResult(t, s, "empty", 1, nil)
	other := storetest.PutResult(t, s, "other", 1, map[string]string{"z": "3"})
	union, err := artifacts.Union(a.Outputs[0].Tree.Under("shard-00"), b.Outputs[0].Tree.Under("shard-01"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutTree(union); err != nil {
		t.Fatal(err)
	}
	lock := &artifacts.Lock{Artifacts: []artifacts.LockedArtifact{{Name: "n.out", Kind: "k@1",
		Key: artifacts.Of([]byte("list of keys")), Digest: union.Digest()}}}
	gcNow(t, s, GC{Keep: -time.Hour, Roots: []Root{RootOf(lock, "l")}})
	if !storetest.IsHit(s, a) || !storetest.IsHit(s, b) || !storetest.IsHit(s, empty) || storetest.IsHit(s, other) {
		t.Error("want the results of the shards, and only those")
	}
	if _, err := s.ReadTree(union.Digest()); err != nil {
		t.Error(err)
	}
}

func TestMaxSizeTakesTheCheapestPerByte(t *testing.T) {
	s, _ := storetest.Open(t)
	big := func(c string) string { return string(slices.Repeat([]byte(c), 10_000)) }
	dear := storetest.PutResult(t, s, "dear", time.Hour, map[string]string{"f": big("a")})
	cheap := storetest.PutResult(t, s, "cheap", time.Second, map[string]string{"f": big("b")})
	// Their file is freed only if both go: each alone frees little.
	one := storetest.PutResult(t, s, "one", time.Second, map[string]string{"f": big("c")})
	two := storetest.PutResult(t, s, "two", 2*time.Second, map[string]string{"f": big("c")})
	fixed := storetest.PutResult(t, s, "fixed", 0, map[string]string{"f": big("d")})
	roots := []Root{{Actions: []artifacts.Digest{fixed.Key}}}
	if done := gcNow(t, s, GC{Keep: month, Roots: roots, MaxSize: 35_000}); !storetest.IsHit(s, dear) ||
		storetest.IsHit(s, cheap) || !storetest.IsHit(s, one) || !storetest.IsHit(s, two) || done.Over != 0 {
		t.Errorf("at 35 kB: %+v", done.Lost)
	}
	if gcNow(t, s, GC{Keep: month, Roots: roots, MaxSize: 25_000}); !storetest.IsHit(s, dear) || storetest.IsHit(s,
		one) || storetest.IsHit(s, two) {
		t.Error("at 25 kB: the two that share a file were to go")
	}
	if done := gcNow(t, s, GC{Keep: month, Roots: roots, MaxSize: 5_000}); storetest.IsHit(s, dear) ||
		!storetest.IsHit(s, fixed) || done.Over == 0 {
		t.Errorf("at 5 kB: over by %d", done.Over)
	}
	checkClean(t, s)
}

func TestUseIsRememberedToTheDay(t *testing.T) {
	s, _ := storetest.Open(t)
	r := storetest.PutResult(t, s, "r", 1, storetest.Sample)
	path := s.ResultPath(r.Key)
	mtime := func() time.Time {
		st, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return st.ModTime()
	}
	filetest.Age(t, path, 3)
	if storetest.IsHit(s, r); time.Since(mtime()) > time.Hour {
		t.Error("a hit after three days left no trace")
	}
	hour := time.Now().Add(-time.Hour)
	os.Chtimes(path, hour, hour)
	if storetest.IsHit(s, r); !mtime().Equal(hour) {
		t.Error("a second hit on the same day wrote")
	}
}

func TestPlanIsNotExceeded(t *testing.T) {
	s, _ := storetest.Open(t)
	shown := storetest.PutResult(t, s, "shown", 1, map[string]string{"a": "a", "shared": "x"})
	used := storetest.PutResult(t, s, "used", 1, map[string]string{"b": "b"})
	filetest.Age(t, s.ResultPath(shown.Key), 40)
	filetest.Age(t, s.ResultPath(used.Key), 40)
	plan, err := PlanGC(t.Context(), s, GC{Keep: month, Now: time.Now()})
	if err != nil || len(plan.Lost) != 2 {
		t.Fatal(plan, err)
	}
	// Between the plan and the yes, a run uses one result and makes another.
	storetest.IsHit(s, used)
	late := storetest.PutResult(t, s, "late", 1, map[string]string{"c": "c", "shared": "x"})
	filetest.Age(t, s.ResultPath(late.Key), 40)
	done, err := Collect(t.Context(), s, plan)
	if err != nil || len(done.Lost) != 1 || storetest.IsHit(s, shown) || !storetest.IsHit(s, used) ||
		!storetest.IsHit(s, late) {
		t.Errorf("%+v, %v", done.Lost, err)
	}
	checkClean(t, s)
}

func TestGCDropsMemosReceiptsAndNotesOfTheGone(t *testing.T) {
	s, _ := storetest.Open(t)
	dir := t.TempDir()
	filetest.WriteFiles(t, dir, map[string]string{"here.yaml": "x", "data/f": "y"})
	if _, err := s.Scan(t.Context(), filepath.Join(dir, "data")); err != nil {
		t.Fatal(err)
	}
	here, gone := filepath.Join(dir, "here.yaml"), filepath.Join(dir, "gone.yaml")
	for _, r := range []string{here, gone} {
		if err := recipes.Keep(s, r, []byte("assay history 1\n")); err != nil {
			t.Fatal(err)
		}
		filetest.Age(t, recipes.NotesPath(s, r), 50)
	}
	filetest.Age(t, storetest.MemoOf(t, s), 50)
	if done := gcNow(t, s, GC{Keep: month}); done.Memos != 2 {
		t.Errorf("%d went", done.Memos)
	}
	if notes, _ := recipes.Notes(s, here); string(notes) != "assay history 1\n" {
		t.Errorf("notes of a recipe that is there: %q", notes)
	}
	if notes, _ := recipes.Notes(s, gone); notes != nil {
		t.Errorf("notes of a recipe that is gone: %q", notes)
	}
	if list, err := recipes.Existing(s); err != nil || !slices.Equal(list, []string{here}) {
		t.Errorf("recipes %q, %v", list, err)
	}
}

// TestGCStoppedAnywhere stops a collection before each of its deletions: what
// is left is a whole store, in which what was kept is a hit and a second
// collection ends where the first would have.
func TestGCStoppedAnywhere(t *testing.T) {
	stop := errors.New("killed")
	for k := 0; ; k++ {
		s, _ := storetest.Open(t)
		kept := storetest.PutResult(t, s, "kept", 1, map[string]string{"a": "a", "shared": "x"})
		for i := range 4 {
			r := storetest.PutResult(t, s, fmt.Sprint("old", i), 1, map[string]string{fmt.Sprint(i): fmt.Sprint(i),
				"shared": "x"})
			filetest.Age(t, s.ResultPath(r.Key), 40)
		}
		plan, err := PlanGC(t.Context(), s, GC{Keep: month, Now: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		left := k
		err = remove(context.Background(), s, plan, func(path string) error {
			if left--; left < 0 {
				return stop
			}
			return os.Remove(path)
		})
		checkClean(t, s)
		if !storetest.IsHit(s, kept) {
			t.Fatalf("stopped before deletion %d: what is kept is a miss", k)
		}
		if err == nil {
			if k < 4+8 {
				t.Errorf("only %d deletions", k)
			}
			return
		}
		gcNow(t, s, GC{Keep: month})
		if blobs, _ := filepath.Glob(filepath.Join(s.Dir(), "blobs", "*", "*")); len(blobs) != 3 || !storetest.IsHit(s,
			kept) {
			t.Errorf("stopped before deletion %d, then collected: %d blobs", k, len(blobs))
		}
	}
}

// TestGCRandom makes random results that share files and keeps random ones by
// random roots: all that a root reaches is there after, and nothing else.
func TestGCRandom(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 1))
		s, _ := storetest.Open(t)
		var all []*store.Result
		for i := range 1 + rng.IntN(12) {
			files := map[string]string{}
			for range rng.IntN(5) {
				files[fmt.Sprint("f", rng.IntN(6))] = fmt.Sprint("content ", rng.IntN(9))
			}
			var inputs []artifacts.Digest
			if len(all) > 0 && rng.IntN(2) == 0 {
				inputs = append(inputs, all[rng.IntN(len(all))].Outputs[0].Tree.Digest())
			}
			r := storetest.PutResult(t, s, fmt.Sprint(i), time.Duration(rng.IntN(1e9)), files, inputs...)
			all = append(all, r)
		}
		want := map[artifacts.Digest]bool{} // blobs
		keep := map[artifacts.Digest]bool{} // results
		mark := func(tree artifacts.Tree) {
			want[tree.Digest()] = true
			for _, f := range tree {
				want[f.Digest] = true
			}
		}
		var root Root
		for _, r := range all {
			days := 40
			switch rng.IntN(4) {
			case 0:
				root.Actions = append(root.Actions, r.Key)
				keep[r.Key] = true
			case 1:
				root.Artifacts = append(root.Artifacts, artifacts.LockedArtifact{Name: "n.out", Kind: "k@1",
					Key: artifacts.Digest{}, Digest: r.Outputs[0].Tree.Digest()})
				mark(r.Outputs[0].Tree)
			case 2:
				days = rng.IntN(29)
				keep[r.Key] = true
			}
			filetest.Age(t, s.ResultPath(r.Key), days)
		}
		c, err := takeCensus(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			if keep[r.Key] {
				for _, id := range c.byKey[r.Key].blobs {
					want[c.blobs[id].digest] = true
				}
				mark(r.Outputs[0].Tree)
			}
		}
		gcNow(t, s, GC{Keep: month, Roots: []Root{root}})
		for _, r := range all {
			if storetest.IsHit(s, r) != keep[r.Key] {
				t.Errorf("seed %d: hit %v, keep %v", seed, storetest.IsHit(s, r), keep[r.Key])
			}
		}
		blobs, _ := filepath.Glob(filepath.Join(s.Dir(), "blobs", "*", "*"))
		for _, path := range blobs {
			if d, err := artifacts.ParseDigest(filepath.Base(path)); err != nil || !want[d] {
				t.Errorf("seed %d: %s is left", seed, path)
			}
			delete(want, artifacts.Of(filetest.ReadFile(t, path)))
		}
		if len(want) > 0 {
			t.Errorf("seed %d: %d blobs are gone", seed, len(want))
		}
		checkClean(t, s)
		s.Close()
	}
}

// TestMaxSizeRandom holds the eviction against one that adds up everything
// again at every choice.
func TestMaxSizeRandom(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 2))
		s, _ := storetest.Open(t)
		for i := range 2 + rng.IntN(8) {
			files := map[string]string{}
			for range 1 + rng.IntN(4) {
				n := rng.IntN(6)
				files[fmt.Sprint(n)] = string(make([]byte, 100*n*n)) + fmt.Sprint(n)
			}
			storetest.PutResult(t, s, fmt.Sprint(i), time.Duration(rng.IntN(1e9)), files)
		}
		c, err := takeCensus(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		fixed := c.reach([]Root{{Actions: []artifacts.Digest{c.results[0].key}}})
		limit := int64(rng.IntN(15_000))
		got := c.evict(fixed, c.results[1:], limit)
		want := slowEvict(c, c.results[0], slices.Clone(c.results[1:]), limit)
		if !slices.Equal(got, want) {
			t.Errorf("seed %d: %d results, want %d", seed, len(got), len(want))
		}
		s.Close()
	}
}

func slowEvict(c *census, fixed *held, recent []*held, limit int64) (out []*held) {
	sizeOf := func(list []*held) (sum int64) {
		seen := map[int]bool{}
		for _, h := range list {
			sum += h.size
			for _, id := range h.blobs {
				if !seen[id] {
					sum += c.blobs[id].size
				}
				seen[id] = true
			}
		}
		return sum
	}
	for {
		all := append([]*held{fixed}, recent...)
		if sizeOf(all) <= limit || len(recent) == 0 {
			return out
		}
		best, price := -1, 0.0
		for i, h := range recent {
			rest := slices.Delete(slices.Clone(all), i+1, i+2)
			p := h.took.Seconds() / float64(sizeOf(all)-sizeOf(rest))
			if best < 0 || p < price {
				best, price = i, p
			}
		}
		out = append(out, recent[best])
		recent = slices.Delete(recent, best, best+1)
	}
}

// TestRemovedRecordsAreForgotten checks that nothing is remembered of results whose records gc or fsck removed.
func TestRemovedRecordsAreForgotten(t *testing.T) {
	for name, remove := range map[string]func(t *testing.T, s *store.Store, key artifacts.Digest){
		"gc": func(t *testing.T, s *store.Store, _ artifacts.Digest) { gcNow(t, s, GC{}) },
		"fsck": func(t *testing.T, s *store.Store, key artifacts.Digest) {
			if err := os.WriteFile(s.ResultPath(key), []byte("damaged"), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := Check(t.Context(), s, true, nil); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := storetest.Open(t)
			r := &store.Result{Text: []byte("assay action 1\nkind a@1\nparams {}\n")}
			r.Key = artifacts.Of(r.Text)
			if err := s.PutResult(r); err != nil {
				t.Fatal(err)
			}
			key := artifacts.Of([]byte("command line"))
			for what, head := range map[string]string{receipt.MemoryCache: "assay memory 1\n",
				receipt.GraphCache: "assay graph 1\n", receipt.SettingsCache: "[{}]"} {
				if err := receipt.Cache(s, what, key, []byte(head)); err != nil {
					t.Fatal(err)
				}
			}
			checkClean(t, s)
			remove(t, s, r.Key)
			if receipt.Cached(s, receipt.MemoryCache, key) != nil {
				t.Error("the memory is still there")
			}
			if _, err := s.Record(r.Key); err == nil {
				t.Error("the record is still there")
			}
		})
	}
}
