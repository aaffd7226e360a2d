package alarm

import (
	"reflect"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/table"
)

// episode makes one with a window every 5 s; phases by their first letter: clean, armed,
// infecting, running, dormant.
func episode(name, profile, phases string, scores ...float64) Episode {
	e := Episode{Key: table.Key{Host: "h", Episode: name}, Profile: profile, Score: scores}
	for i, c := range phases {
		e.Center = append(e.Center, float64(5*i))
		name := map[rune]string{'c': channel.Clean, 'a': channel.Armed, 'i': channel.Infecting, 'r': channel.Running, 'd': channel.Dormant}[c]
		e.Phase = append(e.Phase, int32(channel.PhaseIndex(name)))
	}
	return e
}

func TestTriggerHasHysteresis(t *testing.T) {
	tr, on := NewTrigger(0.6), false
	for i, c := range []struct {
		score float64
		want  bool
	}{{0.5, false}, {0.6, true}, {0.4, true}, {0.3, true}, {0.29, false}, {0.5, false}, {1, true}} {
		if on = tr.Next(on, c.score); on != c.want {
			t.Errorf("step %d: alarm %v, want %v", i, on, c.want)
		}
	}
}

func TestScoreIsTheShareOfMalware(t *testing.T) {
	if got := Score([channel.NumPhases]float32{0.5, 0.125, 0.125, 0.125, 0.0625, 0.0625}); got != 0.3125 {
		t.Errorf("got %v", got)
	}
}

func TestJudgeByHand(t *testing.T) {
	episodes := []Episode{
		episode("late", "x", "ccair", 0, 0, 0.1, 0.2, 0.9),
		episode("early", "x", "cair", 0, 0.9, 0.5, 0.5),
		episode("missed", "y", "cir", 0, 0.1, 0.1),
		episode("noisy", "z", "cccc", 0.9, 0, 0.9, 0.5),
		episode("quiet", "z", "cc", 0.1, 0.1),
	}
	o, verdicts := Judge(episodes, NewTrigger(0.8), 5)
	want := Outcome{
		FalseAlarms: 2, CleanHours: 10 * 5. / 3600, PerHour: 2 / (10 * 5. / 3600), Detected: 2, Malicious: 3, FalseVerdict: 1, Benign: 2,
		Delays: []Delay{{Profile: "x", Episodes: 2, Detected: 2, Early: 1, Median: 2.5, Slowest: 5}, {Profile: "y", Episodes: 1}},
	}
	if !reflect.DeepEqual(o, want) {
		t.Errorf("got %+v\nwant %+v", o, want)
	}
	if v := verdicts[0]; v.Onset != 15 || v.Delay != 5 || v.Early || !v.Detected {
		t.Errorf("late: %+v", v)
	}
	if v := verdicts[1]; !v.Early || v.Delay != 0 || v.False != 0 {
		t.Errorf("early: %+v", v)
	}
}

func TestChooseKeepsTheBudget(t *testing.T) {
	noisy := []Episode{
		episode("a", "x", "cccccccccccc", 0.1, 0.2, 0, 0.7, 0.1, 0, 0, 0, 0, 0, 0, 0),
		episode("b", "x", "ir", 0.5, 0.9),
	}
	hour := 3600. / 12 // so that the clean windows are an hour
	none, ok := Choose(noisy, hour, 0)
	if !ok || none.On != 0.9 || falseAlarms(noisy, none) != 0 {
		t.Errorf("without false alarms: %+v", none)
	}
	one, _ := Choose(noisy, hour, 1)
	if one.On != 0.5 || falseAlarms(noisy, one) != 1 {
		t.Errorf("with one an hour: %+v", one)
	}
	if _, ok := Choose(noisy[1:], hour, 1); ok {
		t.Error("a threshold came of no clean telemetry")
	}
	sure := []Episode{episode("a", "x", "cc", 1, 0), episode("b", "x", "ir", 0.5, 0.9)}
	if _, ok := Choose(sure, hour, 0); ok {
		t.Error("a threshold came where every one breaks the budget")
	}
}

// TestAlarmThatStaysOn: it counts again every minute, in clean windows.
func TestAlarmThatStaysOn(t *testing.T) {
	e := Episode{}
	for i := range 30 {
		e.Center, e.Score = append(e.Center, float64(5*i)), append(e.Score, 1)
		e.Phase = append(e.Phase, int32(channel.PhaseIndex(channel.Clean)))
	}
	if got := e.falseAlarms(NewTrigger(0.5)); got != 3 { // at 0, 60 and 120 s
		t.Errorf("%d false alarms, want 3", got)
	}
	e.Phase[12] = int32(channel.PhaseIndex(channel.Running))
	if got := e.falseAlarms(NewTrigger(0.5)); got != 2 {
		t.Errorf("%d false alarms, want 2", got)
	}
}

func TestStride(t *testing.T) {
	e := episode("a", "x", "cccc", 0, 0, 0, 0)
	e.Center[3] = 100
	if got := Stride([]Episode{e}); got != 5 {
		t.Errorf("got %v, want 5", got)
	}
	if got := Stride([]Episode{episode("a", "x", "c", 0)}); got != 0 {
		t.Errorf("of one window: %v, want 0", got)
	}
}
