package split

import (
	"slices"
	"strconv"

	"assay/steps/kit/channel"
	"assay/steps/kit/table"
)

// CountsFile is the table of counts in the output.
const CountsFile = "counts.csv"

// anyPhase is the phase of the rows that are about whole episodes.
const anyPhase = "any"

// A tally is one row of the table.
type tally struct {
	episodes int
	seconds  float64
	phases   [channel.NumPhases]int // episodes that went through each phase
}

// countRows returns the table part × profile × phase: how many episodes of a
// profile are in a part, and how many of them went through each phase; the
// lengths of the episodes in seconds stand in the rows of the phase "any", since
// the index does not know how long each phase was.
func countRows(rows []table.AssignmentRow, index []table.Episode) [][]string {
	tallies := countStrata(rows, index)
	lines := [][]string{{"part", "profile", "phase", "episodes", "seconds"}}
	for _, part := range table.Parts() {
		for _, profile := range profilesOf(tallies, part) {
			t := tallies[stratum{part, profile}]
			add := func(phase string, n int, seconds string) {
				lines = append(lines, []string{string(part), profile, phase, strconv.Itoa(n), seconds})
			}
			add(anyPhase, t.episodes, strconv.FormatFloat(t.seconds, 'f', 1, 64))
			for i, n := range t.phases {
				if n > 0 {
					add(channel.PhaseName(i), n, "")
				}
			}
		}
	}
	return lines
}

// A stratum is a profile in a part.
type stratum struct {
	part    table.Part
	profile string
}

// countStrata tallies rows in their order, so that sums of seconds are the same bits
// everywhere.
func countStrata(rows []table.AssignmentRow, index []table.Episode) map[stratum]*tally {
	known := make(map[table.Key]int, len(index))
	for i, e := range index {
		known[e.Key] = i
	}
	tallies := map[stratum]*tally{}
	for _, r := range rows {
		s := stratum{r.Part, r.Profile}
		t := tallies[s]
		if t == nil {
			t = &tally{}
			tallies[s] = t
		}
		e := &index[known[r.Key]]
		t.episodes++
		t.seconds += e.Duration
		for _, phase := range e.Phases {
			if i := channel.PhaseIndex(phase); i >= 0 {
				t.phases[i]++
			}
		}
	}
	return tallies
}

func profilesOf(tallies map[stratum]*tally, part table.Part) []string {
	var list []string
	for s := range tallies {
		if s.part == part {
			list = append(list, s.profile)
		}
	}
	slices.Sort(list)
	return list
}
