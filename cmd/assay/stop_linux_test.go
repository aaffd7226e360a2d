package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"assay/engine/journal"
)

// A stubborn command ignores SIGTERM, and so do those it starts: in its process
// group, in one of its own, and without the environment it was given. Each tells
// its process.
const stubborn = `
steps:
  s:
    uses: exec
    with:
      outputs: [o]
      script: |
        trap '' TERM
        sh -c 'echo pid $$; exec sleep 9871' &
        setsid sh -c 'echo pid $$; exec sleep 9872' &
        env -i setsid sh -c 'echo pid $$; exec sleep 9873' &
        (setsid sh -c 'echo pid $$; exec sleep 9874' &)
        echo pid $$
        wait
`

// stubborns is how many processes the stubborn command tells of.
const stubborns = 5

// A story is a run that a test starts and stops.
type story struct {
	t    *testing.T
	dir  string
	cmd  *exec.Cmd
	read *bufio.Scanner // standard error
	pipe *os.File
	said []string // lines of it
}

// begin runs a recipe with --log-format json, in which SEEN stands for a folder that
// is there; argv comes before the command, as in nohup.
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

// until reads what the command says until so many lines of it begin with a word,
// and returns what follows it.
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

// end reads the rest and returns the exit code and the last line that was said.
func (s *story) end() (code int, last string) {
	for s.read.Scan() {
		s.said = append(s.said, s.read.Text())
	}
	s.cmd.Wait()
	return s.cmd.ProcessState.ExitCode(), s.said[len(s.said)-1]
}

// outcome is what the journal says of the run.
func (s *story) outcome() journal.Outcome {
	runs, err := journal.List(filepath.Join(s.dir, ".assay", "runs"), 0)
	if err != nil || len(runs) != 1 {
		s.t.Fatalf("%d runs, %v", len(runs), err)
	}
	return runs[0].Outcome
}

// gone fails if one of some processes lives on.
func gone(t *testing.T, pids []string) {
	t.Helper()
	for _, pid := range pids {
		if n, err := strconv.Atoi(pid); err != nil || !ended(n) {
			t.Errorf("process %s lives (%v)", pid, err)
			syscall.Kill(n, syscall.SIGKILL)
		}
	}
}

// ended waits for the end of a process, within reason. One that is dead but not
// asked after by its parent has ended.
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

func TestNothingOutlivesAStop(t *testing.T) {
	for name, signals := range map[string][]os.Signal{
		"SIGTERM":      {syscall.SIGTERM},
		"Ctrl-C":       {os.Interrupt},
		"hangup":       {syscall.SIGHUP},
		"Ctrl-C twice": {os.Interrupt, os.Interrupt},
		"SIGQUIT":      {syscall.SIGQUIT},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, stubborn, "env") // not nohup's child, whatever runs the test
			pids := s.until("pid", stubborns)
			for _, sig := range signals {
				s.cmd.Process.Signal(sig)
				time.Sleep(3 * twice) // or two are taken for one
			}
			code, last := s.end()
			if code != exitInterrupted || !strings.Contains(last, `"msg":"end","outcome":"interrupted"`) {
				t.Errorf("exit code %d; it said:\n%s", code, strings.Join(s.said, "\n"))
			}
			gone(t, pids)
			if got := s.outcome(); got != journal.Interrupted {
				t.Errorf("the journal says %s", got)
			}
		})
	}
}

// TestACommandCleansUp gives a command, and one that a shell called which died at
// once, the time to do what they do on SIGTERM.
func TestACommandCleansUp(t *testing.T) {
	for name, script := range map[string]string{
		"itself":    `trap 'sleep 1.5; echo done > SEEN/cleaned; exit 1' TERM; echo up; sleep 300 & wait`,
		"its child": `sh -c "trap 'sleep 1.5; echo done > SEEN/cleaned; exit 1' TERM; echo up >&3; exec 3>&-; sleep 300 & wait" 3>&1 > /dev/null 2>&1; true`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, "steps: {s: {uses: exec, with: {outputs: [o], allow: [SEEN], script: "+strconv.Quote(script)+"}}}\n")
			s.until("up", 1)
			s.cmd.Process.Signal(syscall.SIGTERM)
			if code, _ := s.end(); code != exitInterrupted {
				t.Errorf("exit code %d", code)
			}
			if _, err := os.Stat(filepath.Join(s.dir, "seen", "cleaned")); err != nil {
				t.Errorf("%v; it said:\n%s", err, strings.Join(s.said, "\n"))
			}
		})
	}
}

// TestARunUnderNohupGoesOn ignores SIGHUP before the run, as nohup does.
func TestARunUnderNohupGoesOn(t *testing.T) {
	s := begin(t, `steps: {s: {uses: exec, with: {outputs: [o], script: "echo up; sleep 1; echo x > out/o/f"}}}`,
		"sh", "-c", `trap '' HUP; exec "$@"`, "sh")
	s.until("up", 1)
	s.cmd.Process.Signal(syscall.SIGHUP)
	if code, last := s.end(); code != exitOK || !strings.Contains(last, `"outcome":"ok"`) {
		t.Errorf("exit code %d, %s", code, last)
	}
}

// TestNobodyReads closes the pipe behind standard error while a command runs, as
// head does: the run is stopped, and the journal says so.
func TestNobodyReads(t *testing.T) {
	s := begin(t, strings.Replace(stubborn, "wait\n", "while :; do sleep 0.05; echo on; done\n", 1))
	pids := s.until("pid", stubborns)
	s.pipe.Close()
	s.cmd.Wait()
	if code := s.cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d, %s", code, s.cmd.ProcessState)
	}
	gone(t, pids)
	if got := s.outcome(); got != journal.Interrupted {
		t.Errorf("the journal says %s", got)
	}
}

// TestStandardOutputIsNotRead has a run come to its end though nobody reads its
// last words.
func TestStandardOutputIsNotRead(t *testing.T) {
	dir := t.TempDir()
	recipe := `steps: {s: {uses: exec, with: {outputs: [o], script: "echo x > out/o/f"}}}`
	if err := os.WriteFile(filepath.Join(dir, "r.yaml"), []byte(recipe), 0o666); err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	c := exec.Command(sharedBinary(t), "run", "r.yaml")
	var stderr strings.Builder
	c.Dir, c.Stdout, c.Stderr = dir, w, io.Writer(&stderr)
	if err := c.Run(); err != nil {
		t.Errorf("%v, %s", err, &stderr)
	}
	if _, err := os.Stat(filepath.Join(dir, "r.lock")); err != nil {
		t.Error(err)
	}
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
