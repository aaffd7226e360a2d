package gbt

import (
	"math"
	"slices"
	"testing"
)

// TestStartIsXGBoosts compares with the base_score of models that XGBoost 3.2 trained on 50, 30,
// 15, 0 and 5 rows of five classes, once with a weight of 0.1 for the first.
func TestStartIsXGBoosts(t *testing.T) {
	var y []int32
	for c, n := range []int{50, 30, 15, 0, 5} {
		y = append(y, slices.Repeat([]int32{int32(c)}, n)...)
	}
	for _, c := range []struct {
		weight []float64
		want   []float64
	}{
		{[]float64{1, 1, 1, 1, 1}, []float64{3.4279447, 2.9171205, 2.2239766, -9.694421, 1.1253777}},
		{[]float64{0.1, 1, 1, 1, 1}, []float64{1.7054534, 3.4972043, 2.804059, -9.7121725, 1.7054539}},
	} {
		for k, got := range startOf(y, c.weight) {
			if math.Abs(float64(got)-c.want[k]) > 2e-6 {
				t.Errorf("class %d starts from %v, XGBoost's from %v", k, got, c.want[k])
			}
		}
	}
}

// TestBalancedWeights compares with what scikit-learn's compute_class_weight says: it
// leaves out classes without rows.
func TestBalancedWeights(t *testing.T) {
	y := []int32{0, 0, 0, 0, 2, 3, 3, 3}
	if got, want := classWeights(y, 4, Balanced), []float64{8.0 / 12, 1, 8.0 / 3, 8.0 / 9}; !slices.Equal(got, want) {
		t.Errorf("weights %v, want %v", got, want)
	}
	if got := classWeights(y, 4, Unweighted); !slices.Equal(got, []float64{1, 1, 1, 1}) {
		t.Errorf("weights %v, want ones", got)
	}
}

// TestBalancedHelpsRareClasses wants a rare class to be found that is missed otherwise.
func TestBalancedHelpsRareClasses(t *testing.T) {
	s, set := problem(1, 900, 2, 2)
	for i := range set.Y {
		set.Y[i] = 0
		if i%30 == 0 {
			set.Y[i] = 1
		}
		set.X[2*i] = float32(i%97)/97 + float32(set.Y[i])/2
	}
	found := func(kind string) (n int) {
		p := defaults()
		p.ClassWeight, p.Rounds, p.MaxDepth = kind, 3, 2
		fit, err := fitOf(t.Context(), p, s, set, set, nil)
		if err != nil {
			t.Fatal(err)
		}
		pred := predict(fit.Model, set.X)
		for i, y := range set.Y {
			if y == 1 && pred[2*i+1] > pred[2*i] {
				n++
			}
		}
		return n
	}
	if plain, balanced := found(Unweighted), found(Balanced); balanced <= plain || balanced < 25 {
		t.Errorf("%d of 30 rows of the rare class are found with balanced weights, %d without", balanced, plain)
	}
}
