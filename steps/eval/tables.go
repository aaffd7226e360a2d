package eval

import (
	"math"
	"strconv"

	"assay/steps/kit/measure"
	"assay/steps/kit/score"
)

// measures returns one row per measure.
func measures(m *score.Metrics) [][]string {
	rows := [][]string{append([]string{"measure"}, estimateColumns("")...)}
	for _, e := range m.Measures {
		rows = append(rows, append([]string{e.Name}, estimate(e)...))
	}
	return rows
}

// estimateColumns returns the headings of an estimate.
func estimateColumns(prefix string) []string {
	return []string{prefix + "value", prefix + "percentile_low", prefix + "percentile_high", prefix + "bca_low",
		prefix + "bca_high"}
}

// estimate returns a value and its intervals; empty where there is none.
func estimate(e score.Estimate) []string {
	var list []string
	for _, v := range [...]score.Number{e.Value, e.Percentile[0], e.Percentile[1], e.BCa[0], e.BCa[1]} {
		list = append(list, number(float64(v)))
	}
	return list
}

// perClass returns one row per class that occurs.
func perClass(m *score.Metrics) [][]string {
	head := []string{"class", "windows", "episodes", "predicted"}
	for _, c := range measure.PerClass() {
		head = append(head, estimateColumns(c.Name+"_")...)
	}
	rows := [][]string{head}
	for _, c := range m.Classes {
		row := []string{c.Class, strconv.Itoa(c.Support), strconv.Itoa(c.Episodes), strconv.Itoa(c.Predicted)}
		for _, e := range c.Measures {
			row = append(row, estimate(e)...)
		}
		rows = append(rows, row)
	}
	return rows
}

// confusion returns one row per true class, with one column per predicted class.
func confusion(m *score.Metrics) [][]string {
	rows := [][]string{append([]string{"phase"}, m.Labels...)}
	for i, counts := range m.Confusion {
		row := []string{m.Labels[i]}
		for _, n := range counts {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	return rows
}

// calibration returns one row per bin of confidence.
func calibration(m *score.Metrics) [][]string {
	rows := [][]string{{"low", "high", "windows", "confidence", "accuracy"}}
	for _, b := range m.Calibration {
		rows = append(rows, []string{number(b.Low), number(b.High), strconv.Itoa(b.Windows), number(b.Confidence),
			number(b.Accuracy)})
	}
	return rows
}

// groups returns one row per measure of each group.
func groups(m *score.Metrics) [][]string {
	rows := [][]string{append([]string{"by", "name", "windows", "episodes", "measure"}, estimateColumns("")...)}
	for _, g := range m.Groups {
		for _, e := range g.Measures {
			row := []string{g.By, g.Name, strconv.Itoa(g.Windows), strconv.Itoa(g.Episodes), e.Name}
			rows = append(rows, append(row, estimate(e)...))
		}
	}
	return rows
}

// alarms returns one row per episode and budget.
func alarms(r *score.Result) [][]string {
	rows := [][]string{{"false_alarms_per_hour_allowed", "host_id", "episode_id", "profile", "malicious", "alarm",
		"detected", "early", "onset_s", "delay_s", "false_alarms", "clean_windows"}}
	for _, v := range r.Verdicts {
		row := []string{number(v.Budget), v.Host, v.Episode, v.Profile, flag(v.Malicious), flag(v.Alarm),
			flag(v.Detected), flag(v.Early), "", "", strconv.Itoa(v.False), strconv.Itoa(v.Clean)}
		if v.Malicious {
			row[8] = number(v.Onset)
		}
		if v.Detected {
			row[9] = number(v.Delay)
		}
		rows = append(rows, row)
	}
	return rows
}

func flag(b bool) string { return strconv.FormatBool(b) }

// number writes the shortest digits that read back as x; nothing for NaN.
func number(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
