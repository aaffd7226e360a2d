package table

// Windows is a feature matrix. Rows are in the order of key, then centre.
type Windows struct {
	Features   []string     // F column names, "<channel>.<statistic>"
	SchemaHash string       // what the features mean; a model remembers it; "" if that is not known
	Remarks    []string     // what the files have or lack beside these, for people
	Episodes   []EpisodeRef // the episodes that have windows, in key order
	Episode    []int32      // N: index into Episodes
	Center     []float64    // N: seconds since the episode's first label
	Phase      []int32      // N: class, see [channel.PhaseName]
	X          []float32    // N×F row-major; NaN is missing
}

// EpisodeRef is what a window knows of its episode.
type EpisodeRef struct {
	Key
	Profile string
	Sample  string
}

// Len returns N, the number of windows.
func (w *Windows) Len() int { return len(w.Phase) }

// Row returns the features of window i; it must not be changed.
func (w *Windows) Row(i int) []float32 {
	f := len(w.Features)
	return w.X[i*f : (i+1)*f : (i+1)*f]
}
