package alarm

import (
	"cmp"
	"slices"

	"assay/steps/kit/table"
)

// A Verdict is what a trigger makes of one episode.
type Verdict struct {
	table.Key
	Profile   string
	Malicious bool    // malware runs in it
	Alarm     bool    // an alarm was on at some time
	Onset     float64 // centre of the first window in which malware runs, in seconds
	Detected  bool    // an alarm was on at the onset, or raised after it
	Early     bool    // it was on at the onset already, so it may be a false one
	Delay     float64 // seconds from the onset to the alarm; 0 if early
	False     int     // false alarms
	Clean     int     // clean windows
}

// An Outcome is what a trigger does on a set of episodes.
type Outcome struct {
	FalseAlarms  int     `json:"false_alarms"` // alarms in clean windows, counted again every minute
	CleanHours   float64 `json:"clean_hours"`
	PerHour      float64 `json:"false_alarms_per_hour"` // 0 without clean telemetry
	Detected     int     `json:"detected"`              // malicious episodes with an alarm at the onset or after it
	Malicious    int     `json:"malicious"`             // episodes in which malware runs
	FalseVerdict int     `json:"benign_with_alarm"`     // episodes without malware that had an alarm
	Benign       int     `json:"benign"`
	Delays       []Delay `json:"by_profile"`
}

// A Delay is how soon malware of a profile is noticed.
type Delay struct {
	Profile  string  `json:"profile"`
	Episodes int     `json:"episodes"` // those in which malware runs
	Detected int     `json:"detected"`
	Early    int     `json:"early"`    // of these: an alarm was on before the malware ran
	Median   float64 `json:"median_s"` // seconds; 0 if none was detected
	Slowest  float64 `json:"slowest_s"`
}

// Judge returns the verdict on each episode and their summary.
func Judge(episodes []Episode, t Trigger, stride float64) (Outcome, []Verdict) {
	var o Outcome
	verdicts := make([]Verdict, len(episodes))
	cleanWindows := 0
	for i := range episodes {
		v := episodes[i].judge(t)
		verdicts[i] = v
		cleanWindows += v.Clean
		o.FalseAlarms += v.False
		switch {
		case v.Malicious && v.Detected:
			o.Detected++
			o.Malicious++
		case v.Malicious:
			o.Malicious++
		case v.Alarm:
			o.FalseVerdict++
			o.Benign++
		default:
			o.Benign++
		}
	}
	o.CleanHours = hoursOf(cleanWindows, stride)
	if o.CleanHours > 0 {
		o.PerHour = float64(o.FalseAlarms) / o.CleanHours
	}
	o.Delays = delays(verdicts)
	return o, verdicts
}

func (e *Episode) judge(t Trigger) Verdict {
	onset := e.onset()
	v := Verdict{Key: e.Key, Profile: e.Profile, Malicious: onset >= 0, Clean: e.clean(), False: e.falseAlarms(t)}
	if v.Malicious {
		v.Onset = e.Center[onset]
	}
	on := false
	for i, score := range e.Score {
		was := on
		on = t.Next(on, score)
		v.Alarm = v.Alarm || on
		if on && v.Malicious && i >= onset && !v.Detected {
			v.Detected, v.Early = true, was && i == onset
			v.Delay = e.Center[i] - v.Onset
		}
	}
	return v
}

// delays sums up the malicious episodes by profile, in the order of the names.
func delays(verdicts []Verdict) []Delay {
	byProfile := map[string]*Delay{}
	times := map[string][]float64{}
	for _, v := range verdicts {
		if !v.Malicious {
			continue
		}
		d := byProfile[v.Profile]
		if d == nil {
			d = &Delay{Profile: v.Profile}
			byProfile[v.Profile] = d
		}
		d.Episodes++
		if v.Detected {
			d.Detected++
			times[v.Profile] = append(times[v.Profile], v.Delay)
		}
		if v.Early {
			d.Early++
		}
	}
	list := []Delay{}
	for name, d := range byProfile {
		if at := times[name]; len(at) > 0 {
			slices.Sort(at)
			d.Median, d.Slowest = median(at), at[len(at)-1]
		}
		list = append(list, *d)
	}
	slices.SortFunc(list, func(a, b Delay) int { return cmp.Compare(a.Profile, b.Profile) })
	return list
}

func median(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
