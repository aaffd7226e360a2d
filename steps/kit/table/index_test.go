package table

import (
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/parquet"
)

func file(b []byte) *fstest.MapFile { return &fstest.MapFile{Data: b} }

// sampleIndex makes n rows that use every column's every case.
func sampleIndex(n int) []Episode {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	rows := make([]Episode, n)
	for i := range rows {
		e := &rows[i]
		*e = Episode{
			Key:     Key{fmt.Sprintf("host-%d", i%3), fmt.Sprintf("ep-%05d", i)},
			Status:  []Status{Accepted, Degraded, Rejected, Errored}[i%4],
			Profile: []string{"cpu-saturate", "io-walk", ""}[i%3], SampleName: "s", SampleKind: "k",
			Duration: rng.Float64() * 60, Uptime: math.NaN(),
			Rows: Counts{int32(i), 2, 3, 4}, BadRows: Counts{5, 6, 7, int32(i)}, Labels: 6,
		}
		if i%4 != 0 {
			e.Reasons = []string{"gap: 3 s", "ünïcode"}
			e.Phases = []string{"clean", "armed"}
			e.SampleSHA = strings.Repeat("ab", 32)
			e.StartNs = 1795323960123456789 + int64(i)
			e.Uptime = float64(i)
			e.First = Instants{e.StartNs + 1, e.StartNs + 2, e.StartNs + 3, -1}
			e.Last = Instants{e.StartNs + 5e9, e.StartNs + 6e9, 0, math.MaxInt64}
		}
	}
	return rows
}

// sameEpisodes compares rows, NaN equal to NaN.
func sameEpisodes(a, b []Episode) bool {
	return fmt.Sprintf("%#v", normal(a)) == fmt.Sprintf("%#v", normal(b))
}

func normal(rows []Episode) []Episode {
	rows = append([]Episode{}, rows...)
	for i := range rows {
		rows[i].Reasons = append([]string{}, rows[i].Reasons...)
		rows[i].Phases = append([]string{}, rows[i].Phases...)
	}
	slices.SortFunc(rows, func(a, b Episode) int { return a.Compare(b.Key) })
	return rows
}

func indexBytes(t testing.TB, rows []Episode) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteIndex(&b, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestIndexRoundTrip(t *testing.T) {
	for _, n := range []int{0, 1, 300, parquet.GroupRows + 1} {
		rows := sampleIndex(n)
		got, err := ReadIndex(fstest.MapFS{"index.parquet": file(indexBytes(t, rows))})
		if err != nil {
			t.Fatal(err)
		}
		if !sameEpisodes(rows, got) {
			t.Errorf("%d rows come back different", n)
		}
	}
}

func TestIndexParts(t *testing.T) {
	rows := sampleIndex(100)
	whole, err := ReadIndex(fstest.MapFS{"a.parquet": file(indexBytes(t, rows))})
	if err != nil {
		t.Fatal(err)
	}
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	parts := fstest.MapFS{"note.txt": file([]byte("not a table"))}
	for i := range 5 {
		parts[fmt.Sprintf("%d/index.parquet", i)] = file(indexBytes(t, rows[i*20:(i+1)*20]))
	}
	got, err := ReadIndex(parts)
	if err != nil {
		t.Fatal(err)
	}
	if !sameEpisodes(whole, got) {
		t.Error("five shuffled parts are not the whole")
	}
}

func TestIndexBytes(t *testing.T) {
	rows := sampleIndex(500)
	want := indexBytes(t, rows)
	slices.Reverse(rows)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, p := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(p)
		if !bytes.Equal(indexBytes(t, rows), want) {
			t.Errorf("other bytes with GOMAXPROCS %d", p)
		}
	}
}

func TestIndexMistakes(t *testing.T) {
	rows := sampleIndex(4)
	twice := append(slices.Clone(rows), rows[2])
	if err := WriteIndex(&bytes.Buffer{}, twice); err == nil || !strings.Contains(err.Error(), "there twice") {
		t.Errorf("a duplicate: %v", err)
	}
	bad := slices.Clone(rows)
	bad[1].Status = "fine"
	before := slices.Clone(rows)
	before[2].Duration = -1
	for name, c := range map[string]struct {
		fsys fs.FS
		want string
	}{
		"none":      {fstest.MapFS{"x.csv": file(nil)}, "no *.parquet"},
		"empty":     {fstest.MapFS{"x.parquet": file(nil)}, "x.parquet"},
		"text":      {fstest.MapFS{"x.parquet": file([]byte("host_id,episode_id\na,b\n"))}, "x.parquet"},
		"status":    {fstest.MapFS{"x.parquet": file(indexBytes(t, bad))}, `status "fine"`},
		"duration":  {fstest.MapFS{"x.parquet": file(indexBytes(t, before))}, "a duration of -1 s"},
		"duplicate": {fstest.MapFS{"a.parquet": file(indexBytes(t, rows)), "b.parquet": file(indexBytes(t, rows[:1]))}, "twice"},
		"other":     {fstest.MapFS{"x.parquet": file(assignmentBytes(t, nil))}, "column started_at is missing"},
	} {
		_, err := ReadIndex(c.fsys)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A recording may hold any bytes; the table holds text.
func TestIndexText(t *testing.T) {
	e := sampleIndex(1)[0]
	e.Reasons = []string{"bad \xff byte"}
	got, err := ReadIndex(fstest.MapFS{"i.parquet": file(indexBytes(t, []Episode{e}))})
	if err != nil || !reflect.DeepEqual(got[0].Reasons, []string{"bad \uFFFD byte"}) {
		t.Errorf("%+v, %v", got, err)
	}
	e.Host = "\xff"
	if err := WriteIndex(&bytes.Buffer{}, []Episode{e}); err == nil || !strings.Contains(err.Error(), "rename") {
		t.Errorf("a host that is not text: %v", err)
	}
}
