package produce

import (
	"fmt"
	"io/fs"
	"math"

	"assay/cmd/assay/internal/live"
	"assay/steps/kit/profile"
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

// words says in a few words what the paper's profiles do.
func words() map[string]string {
	return map[string]string{
		"cpu-saturate":   "one processor at its limit, as a miner",
		"io-walk":        "walks through files and writes random bytes",
		"bursty-c2":      "long idle, then a few packets to its master",
		"low-and-slow":   "little work, and memory churned now and again",
		"scan-and-dial":  "probes ports, then dials home",
		"shell-resident": "a connection that stays, with commands at times",
	}
}

// Profiles returns an attack_profile for each envelope of an artifact of the kind profiles,
// with curves of n points between 0 and 1.
func Profiles(files fs.FS, n int) ([]live.Event, error) {
	envelopes, err := profile.Read(files)
	if err != nil {
		return nil, err
	}
	channels := map[string]int{}
	for _, e := range envelopes {
		channels[e.Profile]++
	}
	var list []live.Profile
	for _, e := range envelopes {
		name := e.Profile
		if channels[name] > 1 {
			name += " " + e.Channel
		}
		shape := fmt.Sprintf("%s, median of %d episodes", e.Channel, e.Used)
		if text := words()[e.Profile]; text != "" {
			shape = text + "; " + shape
		}
		curve := resample(e.Scaled, n)
		list = append(list, live.Profile{Type: live.TypeProfile, Name: name, Shape: shape, Curve: curve})
	}
	return encode(list...)
}
