package rocket

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/model"
)

// slowPair is the definition of what a pair makes of a window at a point, in units.
func slowPair(p *plan, window []float32, i, t int) int64 {
	d, three := p.Dilations[i/kernels], triples()[i%kernels]
	sum := int64(0)
	for _, c := range p.Channels[i] {
		for tap := range taps {
			at := t + (tap-4)*d
			if at < 0 || at >= p.Points {
				continue
			}
			weight := int64(-1)
			if slices.Contains(three[:], tap) {
				weight = 2
			}
			sum += weight * int64(math.Floor(float64(window[at*p.Inputs+c])*512+0.5))
		}
	}
	return sum
}

// slowFeatures is the definition of the features of a window.
func slowFeatures(p *plan, biases []int32, window []float32) []float32 {
	var list []float32
	for i := range p.Channels {
		from, to := 0, p.Points
		if d := i / kernels; (d+i%kernels)%2 == 1 {
			from, to = 4*p.Dilations[d], p.Points-4*p.Dilations[d]
		}
		if to <= from { // the window is shorter than the kernel
			from, to = 0, p.Points
		}
		for range p.Biases[i/kernels] {
			n := 0
			for t := from; t < to; t++ {
				if slowPair(p, window, i, t) > int64(biases[len(list)]) {
					n++
				}
			}
			list = append(list, float32(n))
		}
	}
	return list
}

// someWindows returns a series of windows that share nothing, as scaled inputs, with the extremes
// that lanes must bear.
func someWindows(points, inputs, n int, rng *rand.Rand) *model.Series {
	s := &model.Series{Columns: inputs, Points: points}
	for i := range n {
		s.Start = append(s.Start, i*points)
		for range points * inputs {
			v := float32(rng.NormFloat64())
			switch rng.IntN(8) {
			case 0:
				v = clip
			case 1:
				v = -clip
			case 2:
				v = 0
			}
			s.Data = append(s.Data, max(-clip, min(v, clip)))
		}
	}
	return s
}

// TestFeatures compares features with their definition: of one, two and three windows, for several
// lengths and numbers of channels.
func TestFeatures(t *testing.T) {
	for _, c := range []struct{ points, inputs, features int }{
		{1, 1, 100}, {8, 4, 500}, {9, 1, 84}, {10, 2, 300}, {17, 3, 84 * 5}, {50, 30, 84 * 40}, {100, 12, 84 * 33}, {133, 9, 84 * 7},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, uint64(c.points)))
			p := newPlan(c.points, c.inputs, c.features, rng)
			if got, want := p.features(), c.features/kernels*kernels; got != want {
				t.Fatalf("%d features, want %d", got, want)
			}
			if err := p.check(); err != nil {
				t.Fatal(err)
			}
			s := someWindows(c.points, c.inputs, 6, rng)
			team := f32.NewTeam(2)
			defer team.Close()
			biases := fitBiases(p, s, []int{0, 1, 2, 5}, rng, team)
			e := newExtractor(p, thresholdsOf(biases))
			for from, n := range map[int]int{0: 3, 1: 2, 5: 1} {
				clear(e.block)
				rows := featureRows(len(biases))[:n]
				for lane := range n {
					e.add(s.Window(from+lane), lane)
				}
				e.features(rows)
				for lane, row := range rows {
					if want := slowFeatures(p, biases, s.Window(from+lane)); !slices.Equal(row, want) {
						t.Errorf("window %d of %d has other features than by their definition", lane, n)
					}
				}
			}
		})
	}
}

// TestExtremes has lanes hold the largest results there are, beside the smallest ones.
func TestExtremes(t *testing.T) {
	p := &plan{Points: 9, Inputs: 9, Dilations: []int{1}, Biases: []int{3}}
	for range kernels {
		p.Channels = append(p.Channels, []int{0, 1, 2, 3, 4, 5, 6, 7, 8})
	}
	biases := slices.Repeat([]int32{-reach, 0, reach}, kernels)
	e := newExtractor(p, thresholdsOf(biases))
	largest, smallest := make([]float32, 81), make([]float32, 81)
	for i := range largest {
		largest[i] = -clip
		if tap := i / 9; tap == 0 || tap == 3 || tap == 8 {
			largest[i] = clip
		}
		smallest[i] = -largest[i]
	}
	all := triples()
	kernel := slices.Index(all[:], [heavy]int{0, 3, 8})
	for _, order := range [][]([]float32){{largest, smallest, largest}, {smallest, largest, smallest}} {
		clear(e.block)
		for lane, w := range order {
			e.add(w, lane)
		}
		top := e.pair(e.block, kernel)[4]
		rows := featureRows(len(biases))
		e.features(rows)
		for lane, w := range order {
			if want := slowFeatures(p, biases, w); !slices.Equal(rows[lane], want) {
				t.Errorf("lane %d: other features than by their definition", lane)
			}
			if got := slowPair(p, w, kernel, 4); got != reach && got != -reach {
				t.Fatalf("the result is %d; the test does not try the largest", got)
			}
		}
		if want := slowPair(p, order[0], kernel, 4) * (1 - 1<<laneBits + 1<<(2*laneBits)); top != want {
			t.Errorf("the block holds %d, want %d", top, want)
		}
	}
}

// TestLevels moves channels up and down: what needs nothing from outside a window does not notice.
func TestLevels(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	p := newPlan(40, 5, 84*10, rng)
	s := someWindows(40, 5, 1, rng)
	e := newExtractor(p, nil)
	flat := slices.Repeat([]float32{0.7, -3, 0, 5.99, 0.001}, 40)
	e.take(flat)
	for i := range p.Channels {
		side := 4 * p.Dilations[i/kernels]
		for _, v := range e.pair(e.block, i)[side : 40-side] {
			if v != 0 {
				t.Fatalf("pair %d makes %d of constants", i, v)
			}
		}
	}
	moved := *s
	moved.Data = slices.Clone(s.Data)
	for i := range moved.Data {
		s.Data[i] = float32(math.Floor(float64(s.Data[i]*32))) / 128
		moved.Data[i] = s.Data[i] + 0.5
	}
	for i := range p.Channels {
		side := 4 * p.Dilations[i/kernels]
		e.take(s.Window(0))
		before := slices.Clone(e.pair(e.block, i)[side : 40-side])
		e.take(moved.Window(0))
		if !slices.Equal(before, e.pair(e.block, i)[side:40-side]) {
			t.Fatalf("pair %d notices the level of a channel", i)
		}
	}
}

// TestDilations compares with what the paper's own code has for some lengths.
func TestDilations(t *testing.T) {
	for _, c := range []struct {
		points, perKernel int
		dilations, biases []int
	}{
		// numpy.unique(numpy.logspace(0, log2((points - 1) / 8), 32, base=2).astype(int), return_counts=True)
		{9, 119, []int{1}, []int{119}},
		{50, 119, []int{1, 2, 3, 4, 5, 6}, []int{45, 27, 19, 14, 11, 3}},
		{100, 119, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, []int{34, 19, 15, 8, 12, 4, 8, 7, 3, 3, 3, 3}},
		{133, 119, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16},
			[]int{30, 19, 12, 8, 8, 8, 4, 8, 4, 3, 3, 3, 3, 3, 3}},
		{100, 1, []int{1}, []int{1}},
	} {
		p := &plan{Points: c.points}
		p.dilate(c.perKernel)
		if !slices.Equal(p.Dilations, c.dilations) || !slices.Equal(p.Biases, c.biases) {
			t.Errorf("%d points: dilations %v with %v biases, want %v with %v", c.points, p.Dilations, p.Biases, c.dilations,
				c.biases)
		}
	}
}

// TestQuantiles compares with numpy.quantile(x, (k·golden) mod 1), rounded down.
func TestQuantiles(t *testing.T) {
	biases := make([]int32, 4)
	quantiles(biases, 0, []int64{-7, 30, 4, 4, 11}) // at 2.472, 0.944, 3.416, 1.888 of -7 4 4 11 30
	if want := []int32{7, 3, 18, 4}; !slices.Equal(biases, want) {
		t.Errorf("%v, want %v", biases, want)
	}
	quantiles(biases, 5, []int64{3})
	if want := []int32{3, 3, 3, 3}; !slices.Equal(biases, want) {
		t.Errorf("of one: %v", biases)
	}
}
