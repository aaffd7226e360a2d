package live

import (
	"io/fs"
	"math"
	"os"
	"slices"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
	"assay/steps/kit/live/livetest"
	"assay/steps/kit/model"
	"assay/steps/kit/signal"
)

// An ear is a model of tensors that keeps what it is given.
type ear struct {
	about model.About
	heard [][]float32
}

func (e *ear) About() model.About { return e.about }

func (e *ear) Predict(p, x []float32) {
	e.heard = append(e.heard, slices.Clone(x))
	p[0] = 1
}

func newEar(g model.Grid) *ear {
	about := model.About{Family: "cnn", Form: model.Tensors, Points: signal.Points(g.Window, g.Hz), Hz: g.Hz}
	about.Classes = channel.Phases()
	for _, c := range channel.All() {
		about.Features = append(about.Features, c.Name)
	}
	about.Meaning = channel.Schema{Window: g.Window, Hz: g.Hz, Cures: g.Cures}.Hash()
	return &ear{about: about}
}

// batch is an episode as the kinds see it: all of it at once.
type batch struct {
	windows signal.Windows
	tensors signal.Tensors
}

func newBatch(t *testing.T, dir, name string, g model.Grid) *batch {
	t.Helper()
	return newBatchOf(t, os.DirFS(dir), name, g)
}

func newBatchOf(t *testing.T, fsys fs.FS, name string, g model.Grid) *batch {
	t.Helper()
	r, err := episode.NewReader(episode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	e, err := r.Read(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	var b batch
	set := signal.Set{Cures: g.Cures}
	set.Load(e)
	z := signal.Summarizer{Window: g.Window, Stride: g.Stride, MaxWindows: 1 << 16, Unknown: true}
	if b.windows, err = z.Summarize(e, &set); err != nil {
		t.Fatal(err)
	}
	x := signal.Tensorizer{Window: g.Window, Stride: g.Stride, Hz: g.Hz, MaxWindows: 1 << 16, Unknown: true}
	if err := x.Tensorize(e, &set, &b.tensors); err != nil {
		t.Fatal(err)
	}
	return &b
}

// heard is what a detector said and gave its model.
type heard struct {
	window []Window
	x      [][]float32
	tensor [][]float32
	stats  Stats
}

func listen(t *testing.T, lines []livetest.Line, zero int64, g model.Grid, lateness, wait float64) heard {
	t.Helper()
	var h heard
	e := newEar(g)
	d, err := New(Options{Models: []Voice{{"ear", e}}, Grid: g, Start: zero, HasStart: true, Lateness: lateness,
		Wait: wait}, func(w *Window) error {
		h.window, h.x = append(h.window, *w), append(h.x, slices.Clone(w.X))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if err := d.Line(l.Text); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.End(); err != nil {
		t.Fatal(err)
	}
	h.tensor, h.stats = e.heard, d.Stats()
	return h
}

// same compares window k of a stream with that of the batch, bit for bit.
func (b *batch) same(h heard, k int) (summary, tensor bool) {
	want := b.windows.X[k*channel.NumFeatures : (k+1)*channel.NumFeatures]
	summary = h.window[k].Center == b.windows.Center[k] && slices.EqualFunc(h.x[k], want, sameBits)
	x := &b.tensors
	for c := range channel.Count {
		for i := range x.Steps {
			at, got := x.At(k, c)+i, h.tensor[k][i*channel.Count+c]
			if x.Mask[at] != (got == got) || got == got && !sameBits(got, x.X[at]) {
				return summary, false
			}
		}
	}
	return summary, true
}

func sameBits(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

// TestStreamIsBatch feeds episodes line by line, in the order of time, and compares every window
// and every tensor with those of the whole episode.
func TestStreamIsBatch(t *testing.T) {
	cured := channel.Cures{MaxGap: 3, ResetsMissing: true, AbsentListsMissing: true, ExactConstants: true}
	for _, g := range []model.Grid{
		{Window: 10, Stride: 5, Hz: 10},
		{Window: 10, Stride: 5, Hz: 10, Cures: cured},
		{Window: 3, Stride: 0.7, Hz: 7, Cures: channel.Cures{MaxGap: 0.5}},
		{Window: 2, Stride: 9, Hz: 2.5},
	} {
		total, provisional := 0, 0
		for _, name := range episodetest.Names(t, 20) {
			b := newBatch(t, episodetest.Corpus, name, g)
			lines, zero := livetest.Lines(t, os.DirFS(episodetest.Corpus), name)
			h := listen(t, lines, zero, g, 1, 5)
			if h.stats.Late+h.stats.Ahead+h.stats.Excess > 0 {
				t.Errorf("%s: %+v", name, h.stats)
			}
			if len(h.window) < len(b.windows.Center) {
				t.Fatalf("%s: %d windows of %d", name, len(h.window), len(b.windows.Center))
			}
			for k := range b.windows.Center {
				total++
				if h.window[k].Provisional {
					provisional++
				}
				if summary, tensor := b.same(h, k); !summary || !tensor && !h.window[k].Provisional {
					t.Fatalf("%s, grid %+v, window %d: the same summary: %v, tensor: %v", name, g, k, summary, tensor)
				}
			}
			t.Logf("%s: windows %d, stream %d, %+v", name, len(b.windows.Center), len(h.window), h.stats)
		}
		t.Logf("%d windows, %d provisional", total, provisional)
	}
}
