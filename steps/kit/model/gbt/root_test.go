package gbt

import (
	"fmt"
	"slices"
	"testing"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/kernel/tally"
)

// TestRootsAreHistograms compares roots that are built together with those that each tree
// builds for itself, over more rows than a piece has and more features than a group has.
func TestRootsAreHistograms(t *testing.T) {
	team := f32.NewTeam(2)
	defer team.Close()
	for _, c := range []struct {
		classes, columns, rows int
		built                  []int // classes whose roots are worthwhile
	}{
		{2, 9, 50, nil}, {3, 1, 700, []int{0, 1, 2}}, {8, 100, 1100, []int{0, 7}}, {9, 8, 60, []int{0, 7}},
		{11, 171, 2100, []int{0, 7, 8, 10}},
	} {
		t.Run(fmt.Sprint(c.classes, " classes"), func(t *testing.T) {
			_, set := problem(3, c.rows, c.columns, c.classes)
			b := newBins(set.X, c.columns, 64, team)
			q := newGradients(set.Y, slices.Repeat([]float64{1}, c.classes))
			margins := make([][]float32, c.classes)
			for k := range margins {
				margins[k] = slices.Repeat([]float32{float32(k) / 4}, c.rows)
			}
			r := newRoots(b, q, defaults())
			for _, k := range c.built {
				if r.hist[k] == nil {
					t.Fatalf("the root of class %d is left to its tree", k)
				}
			}
			for range 2 { // the second time into what the first left
				q.update(margins, team)
				var rows [][]int32
				for k := range margins {
					seen := everyRowBut(c.rows, k%3+2)
					q.quantize(seen, k, 40+k)
					rows = append(rows, seen)
				}
				r.build(team)
				for k, h := range r.hist {
					if h != nil {
						compareRoot(t, b, q, h, rows[k], k)
					}
				}
				margins[0][7]++
			}
		})
	}
}

// everyRowBut leaves out every n-th row.
func everyRowBut(rows, n int) (list []int32) {
	for i := range rows {
		if i%n > 0 {
			list = append(list, int32(i))
		}
	}
	return list
}

func compareRoot(t *testing.T, b *bins, q *gradients, got []packed, rows []int32, k int) {
	t.Helper()
	gh, want := make([]packed, len(rows)), make([]packed, b.slots())
	q.take(gh, rows, k)
	b.build(want, rows, gh, slices.Repeat([]bool{true}, len(b.features)), new(tally.Block))
	for _, f := range b.features {
		if !slices.Equal(got[f.slot:f.end()+1], want[f.slot:f.end()+1]) {
			t.Fatalf("class %d, column %d: another histogram", k, f.column)
		}
	}
}

// TestFewTreesBuildTheirOwn holds the sum of lanes to where it saves time.
func TestFewTreesBuildTheirOwn(t *testing.T) {
	team := f32.NewTeam(1)
	defer team.Close()
	_, set := problem(3, 30, 8, 6)
	b, q := newBins(set.X, 8, 16, team), newGradients(set.Y, make([]float64, 6))
	for name, change := range map[string]func(*Params){
		"few rows":    func(p *Params) { p.Subsample = 0.4 },
		"few columns": func(p *Params) { p.ColsampleTree = 0.05 },
	} {
		p := defaults()
		change(&p)
		if r := newRoots(b, q, p); r.hist[0] != nil {
			t.Errorf("%s: roots are built together", name)
		}
	}
}
