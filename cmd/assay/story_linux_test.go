package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"assay/engine/journal"
)

// A story is a run that a test starts and stops.
type story struct {
	t    *testing.T
	dir  string
	cmd  *exec.Cmd
	read *bufio.Scanner // standard error
	pipe *os.File
	said []string // lines of it
}

// begin runs a recipe with --log-format json. SEEN in the recipe is replaced by a folder that
// exists. argv comes before the command, as for nohup.
func begin(t *testing.T, recipe string, argv ...string) *story {
	t.Helper()
	if testing.Short() {
		t.Skip("runs processes")
	}
	dir := t.TempDir()
	recipe = strings.ReplaceAll(recipe, "SEEN", filepath.Join(dir, "seen"))
	for _, err := range []error{os.Mkdir(filepath.Join(dir, "seen"), 0o777), os.WriteFile(filepath.Join(dir, "r.yaml"), []byte(recipe), 0o666)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	hearHangups()
	argv = append(argv, sharedBinary(t), "run", "r.yaml", "--log-format", "json")
	s := &story{t: t, dir: dir, cmd: exec.Command(argv[0], argv[1:]...)}
	s.cmd.Dir = dir
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stderr = w
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	s.pipe, s.read = r, bufio.NewScanner(r)
	tooLong := time.AfterFunc(time.Minute, func() { s.cmd.Process.Kill() })
	t.Cleanup(func() { tooLong.Stop(); r.Close() })
	return s
}

// until reads the output of the command until so many lines begin with a word, and returns the
// rest of these lines.
func (s *story) until(word string, n int) []string {
	s.t.Helper()
	var found []string
	for len(found) < n && s.read.Scan() {
		var line struct{ Msg, Text string }
		if err := json.Unmarshal(s.read.Bytes(), &line); err != nil {
			s.t.Errorf("%q: %v", s.read.Text(), err)
		}
		s.said = append(s.said, s.read.Text())
		if rest, ok := strings.CutPrefix(line.Text, word); ok && line.Msg == "logged" {
			found = append(found, strings.TrimSpace(rest))
		}
	}
	if len(found) < n {
		s.t.Fatalf("%d times %q; it said:\n%s", len(found), word, strings.Join(s.said, "\n"))
	}
	return found
}

// end reads the rest of the output, and returns the exit code and the last line.
func (s *story) end() (code int, last string) {
	for s.read.Scan() {
		s.said = append(s.said, s.read.Text())
	}
	s.cmd.Wait()
	return s.cmd.ProcessState.ExitCode(), s.said[len(s.said)-1]
}

// outcome returns the outcome of the run from the journal.
func (s *story) outcome() journal.Outcome {
	runs, err := journal.List(filepath.Join(s.dir, ".assay", "runs"), 0)
	if err != nil || len(runs) != 1 {
		s.t.Fatalf("%d runs, %v", len(runs), err)
	}
	return runs[0].Outcome
}

// gone fails if one of the processes still lives.
func gone(t *testing.T, pids []string) {
	t.Helper()
	for _, pid := range pids {
		if n, err := strconv.Atoi(pid); err != nil || !ended(n) {
			t.Errorf("process %s lives (%v)", pid, err)
			syscall.Kill(n, syscall.SIGKILL)
		}
	}
}

// ended waits for a bounded time for the end of a process. A zombie counts as ended.
func ended(pid int) bool {
	for range 500 {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(b), ") Z ") {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// sharedBinary is the command that TestMain has put into PATH.
func sharedBinary(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("assay")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// hearHangups makes processes that start from now on receive SIGHUP, even if nohup started the
// tests: a signal that is caught here is not ignored there.
func hearHangups() { signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP) }
