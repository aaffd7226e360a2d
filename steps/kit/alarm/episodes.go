package alarm

import (
	"assay/steps/kit/table"
)

// An Episode is the windows of one recording, in the order of time.
type Episode struct {
	table.Key
	Profile string
	Center  []float64 // seconds since the first label
	Phase   []int32   // true class
	Score   []float64 // see [Score]
}

// Group sorts predictions into episodes. They are in the order of key, then centre.
func Group(rows []table.Prediction) []Episode {
	var list []Episode
	for i, r := range rows {
		if i == 0 || r.Key != rows[i-1].Key {
			list = append(list, Episode{Key: r.Key, Profile: r.Profile})
		}
		e := &list[len(list)-1]
		e.Center = append(e.Center, r.Center)
		e.Phase = append(e.Phase, r.Phase)
		e.Score = append(e.Score, Score(r.P))
	}
	return list
}

// Stride returns the least time between two windows of one episode, in seconds: how far
// windows are apart where none is missing. It is 0 if no episode has two.
func Stride(episodes []Episode) float64 {
	least := 0.0
	for _, e := range episodes {
		for i := 1; i < len(e.Center); i++ {
			if d := e.Center[i] - e.Center[i-1]; d > 0 && (least == 0 || d < least) {
				least = d
			}
		}
	}
	return least
}

// onset returns the first window in which malware runs; -1 if there is none.
func (e *Episode) onset() int {
	for i, class := range e.Phase {
		if Malicious(class) {
			return i
		}
	}
	return -1
}
