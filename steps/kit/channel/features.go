package channel

import "strings"

// stats are the statistics of a window, in the order of their columns.
var stats = [...]string{"mean", "std", "p50", "p95", "slope"}

// NumStats is the number of statistics of a channel over a window.
const NumStats = len(stats)

// NumFeatures is the number of features of a window.
const NumFeatures = Count * NumStats

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
