package channel

import (
	"slices"
	"strings"
)

// contexts are what stands a value against those before it in its episode.
var contexts = [...]string{"change", "from_mean", "from_max"}

// Contexts returns the names of the kinds of context, in order: the change since the window before,
// the distance to the mean of the windows so far, and to their maximum.
func Contexts() []string { return slices.Clone(contexts[:]) }

// InContext returns names and those of their context: kind by kind, "<name>.<kind>".
func InContext(names []string, kinds ...string) []string {
	list := slices.Clone(names)
	for _, kind := range kinds {
		for _, name := range names {
			list = append(list, name+"."+kind)
		}
	}
	return list
}

// IsContext reports whether a column is context, by its name.
func IsContext(name string) bool {
	i := strings.LastIndexByte(name, '.')
	return i >= 0 && slices.Contains(contexts[:], name[i+1:])
}
