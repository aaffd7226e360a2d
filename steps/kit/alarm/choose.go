package alarm

import "slices"

// candidates is how many thresholds are tried.
const candidates = 400

// Choose returns the most sensitive trigger that keeps to a number of false alarms for
// each hour of clean telemetry, on these episodes, which are those of the validation part.
// Thresholds between the scores' quantiles are tried from the highest down, and the first
// that breaks the budget ends the search. It returns false if the episodes have no clean
// telemetry, so nothing is known of false alarms, or no threshold keeps to the budget.
func Choose(episodes []Episode, stride, perHour float64) (Trigger, bool) {
	var scores []float64
	windows := 0
	for i := range episodes {
		scores = append(scores, episodes[i].Score...)
		windows += episodes[i].clean()
	}
	hours := hoursOf(windows, stride)
	if hours == 0 {
		return Trigger{}, false
	}
	slices.Sort(scores)
	var best Trigger
	found := false
	for n := range candidates {
		s := scores[(len(scores)-1)*(candidates-1-n)/(candidates-1)]
		t := NewTrigger(s)
		if s <= 0 || float64(falseAlarms(episodes, t)) > perHour*hours {
			break
		}
		best, found = t, true
	}
	return best, found
}

func hoursOf(windows int, stride float64) float64 { return float64(windows) * stride / 3600 }

// clean returns the number of clean windows.
func (e *Episode) clean() int {
	n := 0
	for _, class := range e.Phase {
		if isClean(class) {
			n++
		}
	}
	return n
}

// reminder is after how many seconds an alarm that stays on counts as another one. Without
// it, a detector that never stops would have a single false alarm.
const reminder = 60

// falseAlarms counts the false alarms of all episodes.
func falseAlarms(episodes []Episode, t Trigger) int {
	n := 0
	for i := range episodes {
		n += episodes[i].falseAlarms(t)
	}
	return n
}

// falseAlarms counts the alarms that are raised in a clean window, and the reminders in
// clean windows of alarms that stay on.
func (e *Episode) falseAlarms(t Trigger) int {
	n, on, counted := 0, false, 0.0
	for i, score := range e.Score {
		was := on
		on = t.Next(on, score)
		if on && (!was || e.Center[i]-counted >= reminder) {
			counted = e.Center[i]
			if isClean(e.Phase[i]) {
				n++
			}
		}
	}
	return n
}
