package alarm

import "assay/steps/kit/channel"

// Hysteresis is the threshold that clears an alarm, as a share of the one that raises it:
// a score that wavers about the threshold is one alarm, not many.
const Hysteresis = 0.5

// A Trigger raises an alarm when a score reaches On, and clears it when one is below Off.
type Trigger struct {
	On  float64 `json:"on"`
	Off float64 `json:"off"`
}

// NewTrigger returns the trigger of a threshold.
func NewTrigger(threshold float64) Trigger { return Trigger{threshold, threshold * Hysteresis} }

// Next returns whether an alarm is on after a score, given whether it was on before.
func (t Trigger) Next(on bool, score float64) bool {
	if on {
		return score >= t.Off
	}
	return score >= t.On
}

// Malicious reports whether a class is a phase in which malware runs. An armed sample has
// not started, and one that failed has ended.
func Malicious(class int32) bool {
	switch channel.PhaseName(int(class)) {
	case channel.Infecting, channel.Running, channel.Dormant:
		return true
	}
	return false
}

func isClean(class int32) bool { return channel.PhaseName(int(class)) == channel.Clean }

// Score returns the probability that malware runs: the sum over the malicious classes.
func Score(p [channel.NumPhases]float32) float64 {
	sum := 0.0
	for k, v := range p {
		if Malicious(int32(k)) {
			sum += float64(v)
		}
	}
	return sum
}
