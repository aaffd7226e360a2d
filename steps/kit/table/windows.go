package table

// Windows is a feature matrix with one row for each of N windows, in the order of key,
// then centre.
type Windows struct {
	FeatureMatrix
	Episodes []EpisodeRef // the episodes that have windows, in key order
	Episode  []int32      // N: index into Episodes
	Center   []float64    // N: seconds since the episode's first label
	Phase    []int32      // N: class, see [channel.PhaseName]
}

// EpisodeRef is what a window knows of its episode.
type EpisodeRef struct {
	Key
	Profile string
	Sample  string
}

// Len returns N, the number of windows.
func (w *Windows) Len() int { return len(w.Phase) }
