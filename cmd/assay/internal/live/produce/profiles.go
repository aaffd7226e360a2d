package produce

import (
	"io/fs"
	"math"

	"assay/cmd/assay/internal/live"
)

// resample returns a curve with n points, by linear interpolation between neighbours. Next to
// a missing point the nearest one counts, so that gaps stay gaps.
func resample(curve []float64, n int) []*float64 {
	out := make([]*float64, n)
	for i := range out {
		if len(curve) == 0 {
			continue
		}
		x := float64(i) * float64(len(curve)-1) / float64(n-1)
		at := min(int(x), len(curve)-1)
		v, part := curve[at], x-float64(at)
		if next := at + 1; next < len(curve) && part > 0 {
			v = between(v, curve[next], part)
		}
		out[i] = finite(v)
	}
	return out
}

// between returns the value at a part of the way from a to b.
func between(a, b, part float64) float64 {
	if math.IsNaN(a) || math.IsNaN(b) {
		if part < 0.5 {
			return a
		}
		return b
	}
	return float64(a*(1-part)) + float64(b*part)
}

// Profiles returns an attack_profile for each profile of an artifact of the kind profiles, with
// curves of n points.
func Profiles(files fs.FS, n int) ([]live.Event, error) {
	return nil, nil
}
