package signal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
)

// aTensorizer makes the tensors of the original.
func aTensorizer() *Tensorizer {
	return &Tensorizer{Window: 10, Stride: 5, Hz: 10, MaxWindows: episode.DefaultLimits().Windows}
}

// tensors compares the tensors with the original's, and with those of the plain
// way that shares nothing.
func (c *comparison) tensors(e *episode.Episode) {
	var got Tensors
	z := aTensorizer()
	if err := z.Tensorize(e, &c.sig, &got); err != nil {
		c.t.Errorf("%s: %v", c.name, err)
		return
	}
	for i, y := range npy[int64](c, "y") {
		if int64(got.Class[i]) != y {
			c.t.Errorf("%s: tensor %d is of class %d, want %d", c.name, i, got.Class[i], y)
		}
	}
	if err := samePlain(z, &c.sig, &got); err != nil {
		c.t.Errorf("%s: %v", c.name, err)
	}
	if _, err := os.Stat(filepath.Join(c.dir, "tensor_X.npy")); err != nil {
		return // the small golden set has digests
	}
	x, mask := npy[float32](c, "tensor_X"), npy[uint8](c, "tensor_M")
	if len(x) != len(got.X) || len(mask) != len(got.Mask) {
		c.t.Errorf("%s: %d values, want %d", c.name, len(got.X), len(x))
		return
	}
	for i := range x {
		if !episodetest.Same(float64(got.X[i]), float64(x[i])) || got.Mask[i] != (mask[i] != 0) {
			c.t.Errorf("%s: %s is %v (%v), want %v (%d)", c.name, cell(i, got.Steps), got.X[i], got.Mask[i], x[i], mask[i])
			return
		}
	}
	c.tensorized++
}

// cell names the place of a value.
func cell(i, steps int) string {
	return fmt.Sprintf("tensor %d, %s, point %d", i/steps/channel.Count, channel.At(i/steps%channel.Count).Name, i%steps)
}

// samePlain makes the same tensors a channel and a window at a time.
func samePlain(z *Tensorizer, g *Set, got *Tensors) error {
	grid, y := make([]float64, got.Steps), make([]float64, got.Steps)
	for k, start := range z.placed.start {
		for i := range grid {
			grid[i] = start + float64(i)/z.Hz
		}
		for c := range channel.Count {
			var f finiteSeries
			f.keep(g.Series(c))
			interp(grid, f.t, f.v, y)
			for i := range y {
				if j := lastAt(f.t, grid[i]); g.Cures.MaxGap > 0 && j >= 0 && j+1 < len(f.t) && f.t[j] != grid[i] && f.t[j+1]-f.t[j] > g.Cures.MaxGap {
					y[i] = math.NaN()
				}
				x, there := float32(y[i]), !notFinite(y[i])
				if !there {
					x = 0
				}
				at := (k*channel.Count+c)*got.Steps + i
				if math.Float32bits(got.X[at]) != math.Float32bits(x) || got.Mask[at] != there {
					return fmt.Errorf("%s is %v (%v), the plain way makes %v (%v)", cell(at, got.Steps), got.X[at], got.Mask[at], x, there)
				}
			}
		}
	}
	return nil
}

// TestGoldenTensors compares the digests of tensors with those of the original's
// arrays: float32 and bytes, little-endian, with no negative zero. Each line has the episode,
// its windows, and two digests.
func TestGoldenTensors(t *testing.T) {
	list, err := os.ReadFile("testdata/golden/tensors.txt")
	if err != nil {
		t.Fatal(err)
	}
	c := &comparison{t: t, reader: newReader(t, episode.DefaultLimits())}
	for line := range strings.Lines(string(list)) {
		want := strings.TrimSpace(line)
		c.name, _, _ = strings.Cut(want, " ")
		e, err := c.open([]string{"testdata/golden", episodetest.Corpus})
		if err != nil {
			t.Fatal(err)
		}
		c.sig.Load(e)
		var got Tensors
		if err := aTensorizer().Tensorize(e, &c.sig, &got); err != nil {
			t.Fatal(err)
		}
		if line := fmt.Sprintf("%s %d %s", c.name, got.Len(), digests(&got)); line != want {
			t.Errorf("the tensors are\n%s, want\n%s", line, want)
		}
	}
}

// digests returns the SHA-256 of the values and of the mask, in hex.
func digests(t *Tensors) string {
	var x, mask bytes.Buffer
	for i, v := range t.X {
		if v == 0 {
			v = 0 // without a sign
		}
		x.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
		mask.WriteByte(byte(count(t.Mask[i])))
	}
	return fmt.Sprintf("%x %x", sha256.Sum256(x.Bytes()), sha256.Sum256(mask.Bytes()))
}

// BenchmarkTensors is one episode's tensors from loaded signals.
func BenchmarkTensors(b *testing.B) {
	r := newReader(b, episode.DefaultLimits())
	e, err := r.Read(os.DirFS(episodetest.Corpus), episodetest.Names(b, 1000)[0])
	if err != nil {
		b.Fatal(err)
	}
	var g Set
	var out Tensors
	g.Load(e)
	z := aTensorizer()
	for b.Loop() {
		if err := z.Tensorize(e, &g, &out); err != nil {
			b.Fatal(err)
		}
	}
}
