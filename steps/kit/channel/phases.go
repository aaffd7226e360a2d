package channel

import "slices"

// phases are the phases that a recording goes through, in the order of their
// classes.
var phases = [...]string{"clean", "armed", "infecting", "infected_running", "dormant", "failed"}

// Phases returns the names of the phases, in the order of their classes.
func Phases() [len(phases)]string { return phases }

// Class returns the class of a window in this phase. A phase of no known name
// is clean, as in the original, or -1 with the cure.
func (c Cures) Class(phase string) int32 {
	class := slices.Index(phases[:], phase)
	if class < 0 && !c.ExcludeUnknownPhase {
		return 0
	}
	return int32(class)
}
