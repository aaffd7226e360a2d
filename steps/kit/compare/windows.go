package compare

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"assay/steps/kit/table"
)

// An episodePhase is the windows of one phase in one episode.
type episodePhase struct {
	table.Key
	phase string
}

func (a episodePhase) compare(b episodePhase) int {
	return cmp.Or(a.Key.Compare(b.Key), cmp.Compare(a.phase, b.phase))
}

// SameWindows fails unless all entries have the same windows of the same phases.
func SameWindows(entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	first := windowsOf(entries[0])
	for _, e := range entries[1:] {
		other := windowsOf(e)
		all := maps.Clone(first)
		maps.Copy(all, other)
		for _, at := range slices.SortedFunc(maps.Keys(all), episodePhase.compare) {
			if first[at] != other[at] {
				return fmt.Errorf("%s and %s were not scored on the same windows of %s: episode %s of host %s has "+
					"%d windows of phase %s in one and %d in the other; compare models that were trained on one "+
					"split and one windows table",
					Model{entries[0].Model, entries[0].View}, Model{e.Model, e.View}, e.Split, at.Episode, at.Host,
					first[at], at.phase, other[at])
			}
		}
	}
	return nil
}

func windowsOf(e Entry) map[episodePhase]int32 {
	n := map[episodePhase]int32{}
	for _, r := range e.Episodes {
		n[episodePhase{r.Key, r.Phase}] += r.Windows
	}
	return n
}
