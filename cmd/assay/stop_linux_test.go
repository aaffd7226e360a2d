package main

import (
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

// A stubborn command ignores SIGTERM, and so do the processes that it starts: in its process
// group, in a group of its own, and without the environment. Each prints its process ID.
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

// stubborns is how many processes the stubborn command starts.
const stubborns = 5

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
				time.Sleep(3 * twice) // or two signals count as one
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

// TestACommandCleansUp checks that a command has the time to clean up on SIGTERM, even if the
// shell that started it dies at once.
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

// TestStandardOutputIsNotRead checks that a run ends normally even if nobody reads its standard
// output.
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
