package rocket

import "math"

// standardize scales some features, and multiplies windows by the root of their weight.
func (r *ridge) standardize(from, to int, v []float64) {
	mean, inverse := r.mean[from:to], r.inverse[from:to]
	total := 0.0
	for i, w := range v {
		total += w
		for j, x := range r.x.Row(i)[from:to] {
			mean[j] += float64(w * float64(x))
		}
	}
	for j := range mean {
		mean[j] /= total
	}
	for i, w := range v {
		for j, x := range r.x.Row(i)[from:to] {
			d := float64(x) - mean[j]
			inverse[j] += float64(w * float64(d*d))
		}
	}
	for j, squares := range inverse {
		inverse[j] = 0
		if deviation := math.Sqrt(squares / total); deviation > leastDeviation {
			inverse[j] = 1 / deviation
		}
	}
	for i, w := range v {
		root := math.Sqrt(w)
		row := r.x.Row(i)[from:to]
		for j, x := range row {
			row[j] = float32(float64((float64(x)-mean[j])*inverse[j]) * root)
		}
	}
}

// leastDeviation is the standard deviation, in points of a window, below which a feature is a
// constant.
const leastDeviation = 1e-6

// aim sets the targets.
func (r *ridge) aim(y []int32, v []float64) {
	r.centre = make([]float64, r.classes)
	total := 0.0
	for i, class := range y {
		total += v[i]
		for k := range r.centre {
			r.centre[k] += float64(v[i] * side(k, class))
		}
	}
	for k := range r.centre {
		r.centre[k] /= total
	}
	for i, class := range y {
		for k, c := range r.centre {
			r.targets = append(r.targets, float64(math.Sqrt(v[i])*(side(k, class)-c)))
		}
	}
}

// side returns what a class should say of a window.
func side(k int, class int32) float64 {
	if k == int(class) {
		return 1
	}
	return -1
}
