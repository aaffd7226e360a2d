package queue

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParseRow(t *testing.T) {
	for line, want := range map[string]Row{
		"12|3|RUNNING|n1|1:02|assay-abcdefghij-1|None": {"assay-abcdefghij-1", "12", 3, "RUNNING", "None", "n1", "1:02"},
		"12|3|PENDING||0:00|a|launch failed | held":    {"a", "12", 3, "PENDING", "launch failed | held", "", "0:00"},
	} {
		if r, ok := parseRow(line); !ok || r != want {
			t.Errorf("%s: %+v, %v", line, r, ok)
		}
	}
	for _, line := range []string{"", "12|N/A|RUNNING|n1|1:02|other|None", "x|3|RUNNING|n1|1:02|a|None", "12|-1|R|n1|1|a|b",
		"slurm_load_jobs error"} {
		if r, ok := parseRow(line); ok {
			t.Errorf("%q was taken for %+v", line, r)
		}
	}
}

func FuzzParseRow(f *testing.F) {
	f.Add("12|3|RUNNING|n1|1:02|assay-abcdefghij-1|None")
	f.Fuzz(func(t *testing.T, line string) {
		if r, ok := parseRow(line); ok && (r.Task < 0 || r.Array == "") {
			t.Errorf("%q: %+v", line, r)
		}
	})
}

func TestParseID(t *testing.T) {
	for out, want := range map[string]string{"17\n": "17", "17;cluster\n": "17", "a notice\n18\n": "18"} {
		if id, err := parseID(out); err != nil || id != want {
			t.Errorf("%q: %s, %v", out, id, err)
		}
	}
	for _, out := range []string{"", "Submitted batch job 5", "-3", "1_2"} {
		if id, err := parseID(out); err == nil {
			t.Errorf("%q was taken for %s", out, id)
		}
	}
}

func FuzzParseID(f *testing.F) {
	f.Add("17;cluster")
	f.Fuzz(func(t *testing.T, out string) {
		if id, err := parseID(out); err == nil && strings.Trim(id, "+0123456789") != "" {
			t.Errorf("%q: %q", out, id)
		}
	})
}

func TestArgs(t *testing.T) {
	j := Job{Name: "a", Dir: "/d", Output: "/o/%a.1", Tasks: 5, AtOnce: 2, CPU: 3, Memory: 1<<30 + 1, Time: 61 * time.Second,
		Flags: []string{"--gres=gpu:1"}, Env: []string{"PATH", "HOME"}}
	got := j.args()
	for _, want := range []string{"--array=0-4%2", "--cpus-per-task=3", "--mem=1025M", "--time=2", "--gres=gpu:1", "--export=PATH,HOME",
		"--no-requeue"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q lacks %s", got, want)
		}
	}
}

// command makes a command that runs a script of the shell.
func command(t *testing.T, name, script string) *Client {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o777); err != nil {
		t.Fatal(err)
	}
	return &Client{Dir: dir}
}

// What Slurm answers is a refusal, or nobody knows.
func TestAnswers(t *testing.T) {
	for script, refused := range map[string]bool{
		"echo 'sbatch: error: Batch job submission failed: Invalid partition name specified' >&2; exit 1": true,
		"echo 'sbatch: error: Memory specification can not be satisfied' >&2; exit 1":                     true,
		"echo 'Unable to contact slurm controller (connect failure)' >&2; exit 1":                         false,
		"echo 'Socket timed out on send/recv operation' >&2; exit 1":                                      false,
		"echo nonsense": false,
	} {
		_, err := command(t, "sbatch", script).Submit(t.Context(), &Job{Tasks: 1})
		var r *Refused
		if err == nil || errors.As(err, &r) != refused {
			t.Errorf("%s: %v", script, err)
		}
	}
}

func TestTimeout(t *testing.T) {
	c := command(t, "squeue", "exec sleep 60")
	c.Timeout = 50 * time.Millisecond
	_, err := c.List(t.Context(), []string{"a"})
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "did not answer within") {
		t.Error(err)
	}
}

func TestNoSlurm(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := (&Client{}).Submit(t.Context(), &Job{Tasks: 1})
	var r *Refused
	if !errors.As(err, &r) || !strings.Contains(err.Error(), "is Slurm installed here") {
		t.Error(err)
	}
}

// List leaves out jobs of others, and is not led astray by variables.
func TestList(t *testing.T) {
	t.Setenv("SQUEUE_FORMAT", "%i")
	c := command(t, "squeue", `[ -z "$SQUEUE_FORMAT" ] || exit 1
echo "1|0|RUNNING|n1|0:01|mine|None"
echo "2|0|RUNNING|n1|0:01|theirs|None"`)
	rows, err := c.List(t.Context(), []string{"mine"})
	if want := []Row{{"mine", "1", 0, "RUNNING", "None", "n1", "0:01"}}; err != nil || !reflect.DeepEqual(rows, want) {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestCancel(t *testing.T) {
	dir := t.TempDir()
	c := command(t, "scancel", `echo "$@" >> `+dir+`/calls`)
	tasks := make([]string, 450)
	for i := range tasks {
		tasks[i] = "7_1"
	}
	if err := errors.Join(c.Cancel(t.Context(), tasks), c.CancelNamed(t.Context(), "mine")); err != nil {
		t.Fatal(err)
	}
	calls, _ := os.ReadFile(dir + "/calls")
	if n := strings.Count(string(calls), "\n"); n != 4 || !strings.Contains(string(calls), "--name=mine --user=") {
		t.Errorf("%d calls:\n%.200s", n, calls)
	}
}
