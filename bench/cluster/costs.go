package cluster

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Cost is what a step costs for each episode that it works on, as a run of the bundled corpus
// recorded it. Training, evaluation and prediction grow with the number of windows, and so with
// the number of episodes; neighbours and what else grows faster has an exponent above 1.
type Cost struct {
	Fixed    float64 // seconds for each action, such as the start of a process
	Episode  float64 // seconds of one core for each episode
	Exponent float64 // of the number of episodes
	Parallel float64 // the part of the time that more cores share, by Amdahl's law
	Read     float64 // bytes for each episode
	Write    float64 // bytes for each episode
}

//go:embed costs.csv
var recorded string

// Recorded returns the costs of the steps of recipes/paper.yaml, by the name of the step.
func Recorded() (map[string]Cost, error) {
	r := csv.NewReader(strings.NewReader(recorded))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("costs.csv: %w", err)
	}
	costs := map[string]Cost{}
	for i, row := range rows[1:] {
		var n [6]float64
		for c := range n {
			if n[c], err = strconv.ParseFloat(row[c+1], 64); err != nil {
				return nil, fmt.Errorf("costs.csv, row %d: %w", i+2, err)
			}
		}
		costs[row[0]] = Cost{Fixed: n[0], Episode: n[1], Exponent: n[2], Parallel: n[3], Read: n[4], Write: n[5]}
	}
	return costs, nil
}

// Takes returns how long an action takes that works on so many episodes with so many cores.
func (c Cost) Takes(episodes, cores int) time.Duration {
	alone := c.Episode * power(float64(episodes), c.Exponent)
	seconds := c.Fixed + alone*(1-c.Parallel+c.Parallel/float64(cores))
	return time.Duration(seconds * float64(time.Second))
}

// power returns x^e for the two exponents that there are.
func power(x, e float64) float64 {
	if e == 2 {
		return x * x
	}
	return x
}
