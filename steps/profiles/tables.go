package profiles

import (
	"math"
	"strconv"

	"assay/steps/kit/profile"
	"assay/steps/kit/table"
)

// pointRows returns one row per profile and point, with all digits. What is missing is
// empty.
func pointRows(list []*profile.Envelope) [][]string {
	rows := [][]string{{"profile", "channel", "point", "phase", "median_raw", "p25_raw", "p75_raw", "median"}}
	for _, e := range list {
		layout, err := e.Layout()
		if err != nil {
			continue // its curves are of one
		}
		for _, part := range layout.Parts() {
			for i := part.From; i < part.To; i++ {
				rows = append(rows, []string{e.Profile, e.Channel, strconv.Itoa(i), part.Name, number(e.Median[i]),
					number(e.P25[i]), number(e.P75[i]), number(e.Scaled[i])})
			}
		}
	}
	return rows
}

// number writes the shortest digits that read back as x; nothing for NaN.
func number(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// episodeRows returns one row per episode of the index, with the reason for which it is not
// used.
func episodeRows(index []table.Episode, reasons map[table.Key]string) [][]string {
	rows := [][]string{{"host_id", "episode_id", "profile", "status", "used", "reason"}}
	for i := range index {
		e := &index[i]
		why, not := reasons[e.Key]
		rows = append(rows, []string{e.Host, e.Key.Episode, e.Profile, string(e.Status), strconv.FormatBool(!not), why})
	}
	return rows
}
