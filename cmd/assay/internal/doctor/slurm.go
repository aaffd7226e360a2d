package doctor

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// slurmCommands are those that an executor on a cluster calls.
func slurmCommands() []string { return []string{"sbatch", "squeue", "scancel", "scontrol", "sacct"} }

const (
	// leastJobAge is for how many seconds Slurm should remember a job that ended, so that whoever looks
	// every few seconds learns how.
	leastJobAge = 60
	// maxSaid bounds what is read of a command.
	maxSaid = 1 << 20
)

// checkSlurm looks for Slurm, which is needed only to run steps on a cluster.
func checkSlurm(ctx context.Context, _ Patient) []Line {
	var there, lacks []string
	for _, name := range slurmCommands() {
		if _, err := exec.LookPath(name); err != nil {
			lacks = append(lacks, name)
		} else {
			there = append(there, name)
		}
	}
	if len(there) == 0 {
		return []Line{{"Slurm", None, "not installed here", ""}}
	}
	l := Line{Check: "Slurm", State: OK}
	said, err := say(ctx, there[0], "--version")
	if err != nil {
		l.State, l.Remedy = Note, "see that Slurm's commands work on this machine: "+there[0]+" --version"
		said = err.Error()
	}
	l.Found = firstLine(said)
	if len(lacks) > 0 {
		l.State, l.Found = Note, l.Found+", without "+strings.Join(lacks, ", ")
		l.Remedy = "install Slurm's client commands (package slurm-client)"
	}
	if len(lacks) > 0 || err != nil {
		return []Line{l}
	}
	text, err := say(ctx, "scontrol", "show", "config")
	if err != nil {
		return []Line{l, {"Slurm's settings", Note, err.Error(), "see that slurmctld answers: scontrol ping"}}
	}
	return append([]Line{l}, settings(text)...)
}

// settings judges what "scontrol show config" says.
func settings(text string) []Line {
	values := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(line, "="); ok {
			values[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	age := Line{Check: "MinJobAge", State: OK, Found: values["MinJobAge"]}
	if n, ok := number(age.Found); !ok || n < leastJobAge {
		age.State, age.Remedy = Note, fmt.Sprintf("set MinJobAge to %d or more in slurm.conf, so that jobs that ended are still known; "+
			"or have sacct work", leastJobAge)
	}
	array := Line{Check: "MaxArraySize", State: OK, Found: values["MaxArraySize"]}
	if n, ok := number(array.Found); !ok || n < 2 {
		array.State, array.Remedy = Note, "set MaxArraySize in slurm.conf: the usual 1001 lets 1000 shards wait as one array"
	}
	for _, l := range []*Line{&age, &array} {
		if l.Found == "" {
			l.Found = "not said"
		}
	}
	return []Line{age, array}
}

// number reads the number that a value begins with, as in "300 sec".
func number(value string) (int, bool) {
	word, _, _ := strings.Cut(value, " ")
	n, err := strconv.Atoi(word)
	return n, err == nil
}

// say runs a command and returns the beginning of what it says.
func say(ctx context.Context, name string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, name, args...)
	var wrong head
	c.Stderr = &wrong
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		return "", err
	}
	text, _ := io.ReadAll(io.LimitReader(out, maxSaid))
	out.Close()
	if err := c.Wait(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, firstLine(wrong.text))
	}
	return string(text), nil
}

// head keeps the beginning of what is written to it.
type head struct{ text string }

// Write implements io.Writer.
func (h *head) Write(b []byte) (int, error) {
	const most = 1000
	h.text += string(b[:min(len(b), most-len(h.text))])
	return len(b), nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
