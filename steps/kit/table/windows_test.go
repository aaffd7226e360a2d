package table

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parquet-go/parquet-go/format"

	"assay/steps/kit/channel"
)

// block is what one Append takes.
type block struct {
	ep     EpisodeRef
	center []float64
	phase  []int32
	x      []float32
}

func featureNames(n int) []string {
	return channel.FeatureNames()[:n:n]
}

// sampleBlocks makes windows of n episodes, in key order.
func sampleBlocks(n, features int) []block {
	rng := rand.New(rand.NewPCG(5, uint64(n)))
	list := make([]block, n)
	for i := range list {
		b := &list[i]
		b.ep = EpisodeRef{Key{"h", fmt.Sprintf("ep-%05d", i)}, "io-walk", "lck-a"}
		for k := range 1 + rng.IntN(12) {
			b.center = append(b.center, float64(5*k)+5)
			b.phase = append(b.phase, int32(rng.IntN(channel.NumPhases)))
			for range features {
				v := float32(rng.NormFloat64())
				switch rng.IntN(9) {
				case 0:
					v = float32(math.NaN())
				case 1:
					v = float32(math.Inf(1))
				}
				b.x = append(b.x, v)
			}
		}
	}
	return list
}

func windowsBytes(t testing.TB, features []string, hash string, blocks []block) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWindowsWriter(&b, features, hash)
	for _, k := range blocks {
		if err := w.Append(k.ep, k.center, k.phase, k.x); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// whole is what reading the blocks should give.
func whole(features []string, hash string, blocks []block) *Windows {
	if len(features) < channel.NumFeatures {
		hash = "" // it is of other features
	}
	w := &Windows{FeatureMatrix: FeatureMatrix{Features: features, SchemaHash: hash, X: []float32{}}}
	for i, b := range blocks {
		w.Episodes = append(w.Episodes, b.ep)
		w.Center = append(w.Center, b.center...)
		w.Phase = append(w.Phase, b.phase...)
		w.X = append(w.X, b.x...)
		for range b.center {
			w.Episode = append(w.Episode, int32(i))
		}
	}
	return w
}

func sameWindows(a, b *Windows) error {
	if !slices.EqualFunc(a.X, b.X, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) }) {
		return fmt.Errorf("the values differ")
	}
	c, d := *a, *b
	c.X, d.X = nil, nil
	c.Remarks, d.Remarks = nil, nil
	if !reflect.DeepEqual(c, d) {
		return fmt.Errorf("%+v\nagainst\n%+v", c, d)
	}
	return nil
}

func TestWindowsRoundTrip(t *testing.T) {
	for _, c := range []struct{ episodes, features int }{{0, 3}, {1, 3}, {40, 7}, {3000, 2}, {5, 0}, {30, channel.NumFeatures}} {
		f := featureNames(c.features)
		blocks := sampleBlocks(c.episodes, c.features)
		got, err := ReadWindows(fstest.MapFS{"w.parquet": file(windowsBytes(t, f, "abc", blocks))})
		if err != nil {
			t.Fatal(err)
		}
		if len(f) == 0 {
			got.Features = []string{}
		}
		if err := sameWindows(whole(f, "abc", blocks), got); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestWindowsEmptyGroup: some writers leave a row group without rows.
func TestWindowsEmptyGroup(t *testing.T) {
	b := withFooter(t, windowsBytes(t, featureNames(3), "", nil), func(m *format.FileMetaData) {
		m.RowGroups = []format.RowGroup{{}}
	})
	w, err := ReadWindows(fstest.MapFS{"w.parquet": file(b)})
	if err != nil || w.Len() != 0 || len(w.Features) != 3 {
		t.Errorf("%v, %v", w, err)
	}
}

func TestWindowsParts(t *testing.T) {
	f := featureNames(4)
	blocks := sampleBlocks(60, 4)
	want := whole(f, "h", blocks)
	rand.New(rand.NewPCG(3, 9)).Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
	parts := fstest.MapFS{"7/windows.parquet": file(windowsBytes(t, f, "h", nil))}
	for i := range 6 {
		parts[fmt.Sprintf("%d/windows.parquet", i)] = file(windowsBytes(t, f, "h", blocks[i*10:(i+1)*10]))
	}
	got, err := ReadWindows(parts)
	if err != nil {
		t.Fatal(err)
	}
	if err := sameWindows(want, got); err != nil {
		t.Error(err)
	}
}

// What says what the windows are is read without their features.
func TestTruth(t *testing.T) {
	f := featureNames(4)
	blocks := sampleBlocks(20, 4)
	parts := fstest.MapFS{"0/w.parquet": file(windowsBytes(t, f, "h", blocks[:10])), "1/w.parquet": file(windowsBytes(t, f, "h", blocks[10:]))}
	got, err := ReadTruth(parts)
	if err != nil {
		t.Fatal(err)
	}
	want := whole(f, "h", blocks)
	if got.SchemaHash != "h" || got.X != nil || len(got.Remarks) > 0 || !slices.Equal(got.Center, want.Center) || !slices.Equal(got.Phase, want.Phase) {
		t.Errorf("%+v", got)
	}
	parts["1/w.parquet"] = file(windowsBytes(t, f, "", blocks[10:]))
	got, err = ReadTruth(parts)
	if err != nil || got.SchemaHash != "" || len(got.Remarks) != 1 || !strings.Contains(got.Remarks[0], "no schema hash in \"1/w.parquet\"") {
		t.Errorf("a part without a hash: %v, %v", got, err)
	}
	parts["1/w.parquet"] = file(windowsBytes(t, f, "g", blocks[10:]))
	if _, err = ReadTruth(parts); err == nil || !strings.Contains(err.Error(), `its schema hash is "g", that of a part before is "h"`) {
		t.Errorf("two hashes: %v", err)
	}
}

func TestWindowsBytes(t *testing.T) {
	f := featureNames(5)
	blocks := sampleBlocks(2000, 5)
	want := windowsBytes(t, f, "h", blocks)
	var single []block // the same rows, a window at a time
	for _, b := range blocks {
		for i := range b.center {
			x := slices.Clone(b.x[i*5 : i*5+5])
			for j, v := range x {
				if v != v {
					x[j] = math.Float32frombits(0xffc00001) // another NaN
				}
			}
			single = append(single, block{b.ep, b.center[i : i+1], b.phase[i : i+1], x})
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, p := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(p)
		if !bytes.Equal(windowsBytes(t, f, "h", single), want) {
			t.Errorf("other bytes with GOMAXPROCS %d", p)
		}
	}
}

func TestWindowsReadMistakes(t *testing.T) {
	f := featureNames(2)
	blocks := sampleBlocks(3, 2)
	a := file(windowsBytes(t, f, "one", blocks))
	other := slices.Clone(blocks[:1])
	other[0].ep.Sample = "lck-b"
	other[0].center = []float64{1000}
	other[0].phase, other[0].x = other[0].phase[:1], other[0].x[:2]
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"hash":     {windowsBytes(t, f, "two", nil), "schema hash"},
		"features": {windowsBytes(t, featureNames(3), "one", nil), "3 features are not the 2"},
		"names":    {windowsBytes(t, []string{f[0], "guest.load_1m.mean"}, "one", nil), `"guest.load_1m.mean" against "proc.cpu_user_jiffies.std"`},
		"twice":    {windowsBytes(t, f, "one", blocks[:1]), "there twice"},
		"sample":   {windowsBytes(t, f, "one", other), "io-walk/lck-a in a.parquet, but of io-walk/lck-b in b.parquet"},
		"index":    {indexBytes(t, sampleIndex(3)), "b.parquet"},
	} {
		_, err := ReadWindows(fstest.MapFS{"a.parquet": a, "b.parquet": file(c.b)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestWindowsWriteMistakes(t *testing.T) {
	ep := EpisodeRef{Key: Key{"h", "e"}}
	for name, c := range map[string]struct {
		features []string
		center   []float64
		phase    []int32
		x        []float32
		want     string
	}{
		"taken":    {[]string{"phase"}, []float64{5}, []int32{0}, []float32{1}, "taken"},
		"twice":    {[]string{"a", "a"}, []float64{5}, []int32{0}, []float32{1, 2}, "there twice"},
		"shape":    {[]string{"a", "b"}, []float64{5}, []int32{0}, []float32{1}, "do not fit"},
		"class":    {[]string{"a"}, []float64{5}, []int32{-1}, []float32{1}, "class -1"},
		"centre":   {[]string{"a"}, []float64{math.NaN()}, []int32{0}, []float32{1}, "NaN"},
		"no fault": {[]string{"a"}, []float64{5}, []int32{0}, []float32{1}, ""},
	} {
		w := NewWindowsWriter(&bytes.Buffer{}, c.features, "")
		err := w.Append(ep, c.center, c.phase, c.x)
		if end := w.Close(); err != nil && end == nil {
			t.Errorf("%s: Close forgets the mistake", name)
		}
		if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestWindowsFolders: a table may come in files of any folder. None of them is left
// out for its capitals, and a column that is only in a folder's name is said.
func TestWindowsFolders(t *testing.T) {
	names := featureNames(2)
	blocks := sampleBlocks(2, 2)
	fsys := fstest.MapFS{
		"a.parquet":   file(windowsBytes(t, names, "h", blocks[:1])),
		"X/B.PARQUET": file(windowsBytes(t, names, "h", blocks[1:])),
	}
	w, err := ReadWindows(fsys)
	if err != nil || len(w.Episodes) != 2 {
		t.Errorf("windows of %d episodes (%v), want 2", len(w.Episodes), err)
	}
	hive := renamed(t, windowsBytes(t, names, "h", blocks), map[string]string{"phase": "other"})
	_, err = ReadWindows(fstest.MapFS{"phase=clean/a.parquet": file(hive)})
	if err == nil || !strings.Contains(err.Error(), "column phase is missing: it is only in the name of the folder") {
		t.Errorf("error %v", err)
	}
	twice := fstest.MapFS{"a.parquet": file(windowsBytes(t, names, "h", append(blocks[:1:1], blocks[0])))}
	if _, err := ReadWindows(twice); err == nil || !strings.Contains(err.Error(), "is there twice: both rows in a.parquet") {
		t.Errorf("error %v", err)
	}
}
