// Package queue speaks with Slurm by its own commands: sbatch, squeue and scancel.
//
// A [Client] has a method for each. Every command has a time limit of its own, since a dead
// controller makes them wait for long. What Slurm answers is told apart in three: it did what
// it was asked, it refused ([Refused]: asking again does not help), or nobody knows (any other
// error). Text with a format of our own is parsed, never JSON, which changes between versions.
package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Client runs Slurm's commands. The zero value runs those on PATH.
type Client struct {
	Dir     string        // the folder of the commands; "" is PATH
	Timeout time.Duration // of each command; 0 is 30 s
}

// Refused is the answer of Slurm to what it will never do.
type Refused struct{ Text string }

// Error implements error.
func (r *Refused) Error() string { return r.Text }

// defaultTimeout is longer than a loaded controller takes to answer.
const defaultTimeout = 30 * time.Second

// maxOutput is more than squeue prints of a hundred thousand jobs.
const maxOutput = 64 << 20

// run runs a command, and returns what it printed on standard output. If it fails, the error
// is what it printed on standard error.
func (c *Client) run(ctx context.Context, stdin, name string, args ...string) ([]byte, error) {
	limit := c.Timeout
	if limit == 0 {
		limit = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if c.Dir != "" {
		name = strings.TrimSuffix(c.Dir, "/") + "/" + name
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env, cmd.WaitDelay = environment(os.Environ()), time.Second
	cmd.Stdin = strings.NewReader(stdin)
	var out, complaint bounded
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	switch {
	case err == nil:
		return out.Bytes(), nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("%s did not answer within %s: %w", name, limit, ctx.Err())
	case errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist):
		return nil, &Refused{name + " is not there: is Slurm installed here? Run assay on a login node of the cluster, or name the " +
			"folder of Slurm's commands in the profile, commands: /opt/slurm/bin"}
	}
	text := strings.TrimSpace(complaint.String())
	if text == "" {
		text = err.Error()
	}
	if text = strings.ReplaceAll(text, "\n", "; "); isPassing(text) {
		return nil, fmt.Errorf("%s: %s", name, text)
	}
	return nil, &Refused{text}
}

// bounded keeps the beginning of what is written to it.
type bounded struct{ bytes.Buffer }

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	if room := maxOutput - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// environment leaves out variables that change what squeue prints.
func environment(env []string) []string {
	env = slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		return strings.HasPrefix(v, "SQUEUE_") || strings.HasPrefix(v, "SCANCEL_") || strings.HasPrefix(v, "LC_ALL=")
	})
	return append(env, "LC_ALL=C")
}

// passing are parts of answers that say nothing of the request: the controller is down or
// busy, or a limit on how much a user may have is reached.
var passing = []string{
	"timed out", "unable to contact", "connection refused", "connect failure", "unexpected message",
	"rate limit", "temporarily", "try again", "not responding", "zero bytes", "communication", "in standby",
	"maxsubmitjob", "job submit limit", "invalid authentication credential", "munge", "retrying",
	"can not resolve", "could not resolve", "maxjobcount",
}

func isPassing(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(passing, func(p string) bool { return strings.Contains(text, p) })
}

// A Job is what is submitted: an array of tasks that run one script.
type Job struct {
	Name   string
	Script string
	Dir    string // the folder it runs in
	Output string // %a is the task
	Tasks  int    // numbered from 0
	AtOnce int    // how many of them may run at once; 0 is no limit
	CPU    int
	Memory int64         // bytes; 0 leaves it to the site
	Time   time.Duration // 0 leaves it to the site
	Flags  []string      // more flags of sbatch
	Env    []string      // names of variables that the job gets
}

// args returns the command line of sbatch.
func (j *Job) args() []string {
	array := fmt.Sprintf("0-%d", j.Tasks-1)
	if j.AtOnce > 0 {
		array += fmt.Sprintf("%%%d", j.AtOnce)
	}
	args := []string{"--parsable", "--no-requeue", "--job-name=" + j.Name, "--array=" + array, "--chdir=" + j.Dir,
		"--output=" + j.Output, "--open-mode=append", "--nodes=1", "--ntasks=1", fmt.Sprintf("--cpus-per-task=%d", max(j.CPU, 1)),
		"--export=" + strings.Join(j.Env, ",")}
	if j.Memory > 0 {
		args = append(args, fmt.Sprintf("--mem=%dM", (j.Memory+(1<<20)-1)>>20))
	}
	if j.Time > 0 {
		args = append(args, fmt.Sprintf("--time=%d", (j.Time+time.Minute-1)/time.Minute))
	}
	return append(args, j.Flags...)
}

// Submit submits a job and returns its number.
func (c *Client) Submit(ctx context.Context, j *Job) (string, error) {
	out, err := c.run(ctx, j.Script, "sbatch", j.args()...)
	if err != nil {
		return "", err
	}
	return parseID(string(out))
}

// parseID reads what sbatch --parsable prints: the number, and maybe the cluster. A site may
// print more lines before.
func parseID(out string) (string, error) {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	id, _, _ := strings.Cut(lines[len(lines)-1], ";")
	if _, err := strconv.ParseUint(id, 10, 63); err != nil {
		return "", fmt.Errorf("sbatch printed %.80q where the number of the job belongs", out)
	}
	return id, nil
}

// CancelNamed cancels all jobs of this user with a name, also those whose number nobody knows.
func (c *Client) CancelNamed(ctx context.Context, name string) error {
	_, err := c.run(ctx, "", "scancel", "--quiet", "--name="+name, user())
	return err
}

// maxCancel is how many tasks one command cancels.
const maxCancel = 200

// Cancel cancels tasks, given as "1234_5".
func (c *Client) Cancel(ctx context.Context, tasks []string) error {
	var errs []error
	for part := range slices.Chunk(tasks, maxCancel) {
		_, err := c.run(ctx, "", "scancel", append([]string{"--quiet"}, part...)...)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// user says whose jobs are meant. A number is known on every machine, a name may not be.
func user() string { return fmt.Sprintf("--user=%d", os.Getuid()) }
