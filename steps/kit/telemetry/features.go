package telemetry

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// stats are the statistics of a window, in the order of their columns.
var stats = [...]string{"mean", "std", "p50", "p95", "slope"}

// NumStats is the number of statistics of a channel over a window.
const NumStats = len(stats)

// NumFeatures is the number of features of a window.
const NumFeatures = NumChannels * NumStats

// Stats returns the names of the statistics, in order: mean, population
// standard deviation, median, 95th percentile, least-squares slope per second.
func Stats() [NumStats]string { return stats }

// FeatureNames returns the names of the features, "<channel>.<statistic>",
// channel by channel.
func FeatureNames() []string {
	names := make([]string, 0, NumFeatures)
	for _, c := range channels {
		for _, s := range stats {
			names = append(names, c.Name+"."+s)
		}
	}
	return names
}

// Deployed reports whether a channel or a feature, given by name, exists where
// a model is deployed: it is the realistic view. Names of no known source are
// not deployed.
func Deployed(name string) bool {
	source, _, ok := strings.Cut(name, ".")
	for s := range Source(NumSources) {
		if ok && s.String() == source {
			return s.Deployed()
		}
	}
	return false
}

// A Schema says what the columns of features, or the rows of tensors, mean beside
// their names.
type Schema struct {
	Window float64 // seconds that a row or a tensor is of; 0 is the whole episode
	Hz     float64 // points a second of a tensor; 0 is statistics
	Cures  Cures
}

// Hash names the schema: the SHA-256, in hex, over the channels in order with
// their source, kind and path, over what is made of them, and over the cures in
// effect. A model keeps it and refuses columns of another hash. Where windows lie
// does not enter: it decides which rows there are and not what they mean.
func (s Schema) Hash() string {
	h := sha256.New()
	for _, c := range channels {
		fmt.Fprintf(h, "channel %s %s %d %s\n", c.Name, c.Source.Entry(), c.Kind, c.Path)
	}
	if s.Hz == 0 {
		for _, name := range stats {
			fmt.Fprintf(h, "statistic %s\n", name)
		}
	} else {
		fmt.Fprintf(h, "grid %v\n", s.Hz)
	}
	fmt.Fprintf(h, "window %v\n", s.Window)
	for _, name := range s.Cures.names() {
		fmt.Fprintf(h, "cure %s\n", name)
	}
	return hex.EncodeToString(h.Sum(nil))
}
