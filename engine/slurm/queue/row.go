package queue

import (
	"context"
	"strconv"
	"strings"
)

// A Row is what squeue says of one task.
type Row struct {
	Name    string // of the job
	Array   string // the number of the array
	Task    int
	State   string // "RUNNING"; see verdict
	Reason  string // why it waits
	Host    string
	Elapsed string // "1:02"
}

// ID names the task as Slurm does.
func (r Row) ID() string { return r.Array + "_" + strconv.Itoa(r.Task) }

// format is what squeue prints: job, task, state, host, elapsed, name, and the reason, which may
// hold anything.
const format = "%F|%K|%T|%N|%M|%j|%r"

// maxNames is how many names fit well on a command line.
const maxNames = 100

// List asks once for all tasks of this user's jobs with the given names. Tasks that Slurm has
// forgotten are not among them.
func (c *Client) List(ctx context.Context, names []string) ([]Row, error) {
	args := []string{"--noheader", "--states=all", "--array", "--format=" + format, user()}
	if len(names) <= maxNames {
		args = append(args, "--name="+strings.Join(names, ","))
	}
	out, err := c.run(ctx, "", "squeue", args...)
	if err != nil {
		return nil, err
	}
	wanted := make(map[string]bool, len(names))
	for _, n := range names {
		wanted[n] = true
	}
	var rows []Row
	for line := range strings.Lines(string(out)) {
		if r, ok := parseRow(strings.TrimRight(line, "\n")); ok && wanted[r.Name] {
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// parseRow reads a line of squeue.
func parseRow(line string) (Row, bool) {
	w := strings.SplitN(line, "|", 7)
	if len(w) != 7 {
		return Row{}, false
	}
	task, err := strconv.Atoi(w[1])
	if err != nil || task < 0 || w[0] == "" {
		return Row{}, false
	}
	if _, err := strconv.ParseUint(w[0], 10, 63); err != nil {
		return Row{}, false
	}
	return Row{Array: w[0], Task: task, State: w[2], Host: w[3], Elapsed: w[4], Name: w[5], Reason: w[6]}, true
}
