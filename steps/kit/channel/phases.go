package channel

import "slices"

// The phases that a recording goes through.
const (
	Clean     = "clean"
	Armed     = "armed"
	Infecting = "infecting"
	Running   = "infected_running"
	Dormant   = "dormant"
	Failed    = "failed"
)

// phases are the phases in the order of their classes: the one table of them.
var phases = [...]string{Clean, Armed, Infecting, Running, Dormant, Failed}

// NumPhases is the number of phases, which are the classes of windows.
const NumPhases = len(phases)

// Phases returns the names of the phases, in the order of their classes.
func Phases() []string { return slices.Clone(phases[:]) }

// PhaseName returns the name of a class.
func PhaseName(class int) string { return phases[class] }

// PhaseIndex returns the class of a phase, -1 if no phase has this name.
func PhaseIndex(name string) int { return slices.Index(phases[:], name) }

// Class returns the class of a window in this phase. A phase of no known name
// is clean, as in the original, or -1 with the cure.
func (c Cures) Class(phase string) int32 {
	class := PhaseIndex(phase)
	if class < 0 && !c.ExcludeUnknownPhase {
		class = PhaseIndex(Clean)
	}
	return int32(class)
}
