package cluster

import "time"

// A Load is what a run asked of the queue and of the store.
type Load struct {
	Arrays    int     // submissions
	Busiest   int     // submissions in the busiest minute
	Queued    int     // most tasks that waited at once
	Tasks     int     // tasks that ran
	CoreHours float64 // granted
	Read      float64 // bytes
	Written   float64 // bytes
	PeakRead  float64 // bytes per second, in the busiest ten seconds

	minutes map[int64]int     // submissions
	tens    map[int64]float64 // bytes read
}

// array counts a submission at a time.
func (l *Load) array(at time.Time) {
	if l.minutes == nil {
		l.minutes = map[int64]int{}
	}
	l.Arrays++
	m := at.Unix() / 60
	l.minutes[m]++
	l.Busiest = max(l.Busiest, l.minutes[m])
}

// inputRate is how fast one task reads its inputs at most: a network of 10 Gbit/s.
const inputRate = 1.2e9

// ran counts a task that ends now. It read at its beginning, as fast as its network allows.
func (l *Load) ran(cores int, began time.Time, read, written float64) {
	if l.tens == nil {
		l.tens = map[int64]float64{}
	}
	took := time.Since(began).Seconds()
	l.Tasks++
	l.CoreHours += float64(cores) * took / 3600
	l.Read += read
	l.Written += written
	for at := began.Unix() / 10; read > 0; at++ {
		part := min(read, 10*inputRate)
		l.tens[at] += part
		l.PeakRead = max(l.PeakRead, l.tens[at]/10)
		read -= part
	}
}
