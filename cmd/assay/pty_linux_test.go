package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"assay/engine/journal"
)

// A terminal is a shell in a terminal of its own, as users have it.
type terminal struct {
	t    *testing.T
	dir  string
	keys *os.File

	mu   sync.Mutex
	text strings.Builder // what it shows
}

// newTerminal starts a shell with job control in an empty folder.
func newTerminal(t *testing.T) *terminal {
	t.Helper()
	if testing.Short() {
		t.Skip("runs processes")
	}
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Skip(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Skip(err)
	}
	keys := os.NewFile(uintptr(fd), "/dev/ptmx") // a read of it ends when it is closed
	screen, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer screen.Close()
	dir, err := os.MkdirTemp("", "terminal")
	if err != nil {
		t.Fatal(err)
	}
	hearHangups()
	c := exec.Command("sh", "-i")
	term := &terminal{t: t, dir: dir, keys: keys}
	c.Dir, c.Env = term.dir, append(os.Environ(), "PS1=$ ", "ENV=", "TERM=dumb")
	c.Stdin, c.Stdout, c.Stderr = screen, screen, screen
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	go term.read()
	t.Cleanup(func() {
		keys.Close() // hangs up
		c.Process.Kill()
		c.Wait()
		// A run that was hung up may still be removing its own files.
		term.wait("its folder cannot be removed", func() bool { return os.RemoveAll(dir) == nil })
	})
	return term
}

func (term *terminal) read() {
	b := make([]byte, 4096)
	for {
		n, err := term.keys.Read(b)
		term.mu.Lock()
		term.text.Write(b[:n])
		term.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (term *terminal) write(name, text string) {
	term.t.Helper()
	if err := os.WriteFile(filepath.Join(term.dir, name), []byte(text), 0o666); err != nil {
		term.t.Fatal(err)
	}
}

func (term *terminal) press(keys string) { term.keys.WriteString(keys) }

// shows waits for a bounded time until the terminal shows a text.
func (term *terminal) shows(text string) {
	term.t.Helper()
	term.wait("it does not show "+text, func() bool {
		term.mu.Lock()
		defer term.mu.Unlock()
		return strings.Contains(term.text.String(), text)
	})
}

// wait polls until a condition holds.
func (term *terminal) wait(otherwise string, so func() bool) {
	term.t.Helper()
	for range 3000 {
		if so() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	term.mu.Lock()
	defer term.mu.Unlock()
	term.t.Fatalf("%s; it shows:\n%s", otherwise, term.text.String())
}

// pid waits for the process that a command wrote into a file.
func (term *terminal) pid(file string) (pid int) {
	term.t.Helper()
	term.wait("nothing in "+file, func() bool {
		b, _ := os.ReadFile(filepath.Join(term.dir, file))
		n, err := fmt.Sscanf(string(b), "%d\n", &pid)
		return n == 1 && err == nil
	})
	return pid
}

// is waits until a process has a state, such as "T" for stopped.
func (term *terminal) is(pid int, states string) {
	term.t.Helper()
	term.wait(fmt.Sprintf("process %d is not %s", pid, states), func() bool {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		i := strings.LastIndex(string(b), ") ")
		return err == nil && strings.Contains(states, string(b)[i+2:i+3])
	})
}

// atRest are the states of a shell that was stopped: T, or D if that was while it waited for a
// child of vfork, which was stopped before it became another program.
const atRest = "TD"

// TestCtrlZ stops a run and continues it. Its commands stop and continue with it, and the time in
// between does not count for a timeout.
func TestCtrlZ(t *testing.T) {
	term := newTerminal(t)
	if err := os.Mkdir(filepath.Join(term.dir, "seen"), 0o777); err != nil {
		t.Fatal(err)
	}
	term.write("r.yaml", strings.ReplaceAll(`
steps:
  s:
    uses: exec
    timeout: 5s
    with:
      outputs: [o]
      allow: [DIR/seen]
      script: |
        setsid sh -c 'echo $$ > DIR/seen/child; while :; do sleep 0.1; done' > /dev/null 2>&1 &
        echo $$ > DIR/seen/pid
        while [ ! -e DIR/seen/go ]; do sleep 0.1; done
        echo x > out/o/f
`, "DIR", term.dir))
	term.press("assay run r.yaml\n")
	pid, child := term.pid("seen/pid"), term.pid("seen/child")
	term.press("\x1a")
	term.is(pid, atRest)
	term.is(child, atRest)
	term.shows("Stopped")
	time.Sleep(6 * time.Second) // the timeout
	term.is(pid, atRest)
	term.press("fg\n")
	term.is(pid, "SR")
	term.is(child, "SR")
	if err := os.WriteFile(filepath.Join(term.dir, "seen", "go"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	term.shows("ran 1 node of 1")
	if !ended(child) {
		t.Error("the child lives")
	}
}

// TestCtrlCAndHangup end a run as a terminal does.
func TestCtrlCAndHangup(t *testing.T) {
	for name, end := range map[string]func(*terminal){
		"Ctrl-C": func(term *terminal) {
			term.press("\x03")
			term.shows("run again to continue")
		},
		"hangup": func(term *terminal) { term.keys.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			term := newTerminal(t)
			if err := os.Mkdir(filepath.Join(term.dir, "seen"), 0o777); err != nil {
				t.Fatal(err)
			}
			term.write("r.yaml", strings.ReplaceAll(`
steps: {s: {uses: exec, with: {outputs: [o], allow: [DIR/seen], script: "echo $$ > DIR/seen/pid; sleep 9875"}}}
`, "DIR", term.dir))
			term.press("assay run r.yaml\n")
			pid := term.pid("seen/pid")
			end(term)
			if !ended(pid) {
				t.Error("the command lives")
			}
			term.wait("the journal does not say interrupted", func() bool {
				runs, err := journal.List(filepath.Join(term.dir, ".assay", "runs"), 0)
				return err == nil && len(runs) == 1 && runs[0].Outcome == journal.Interrupted
			})
		})
	}
}

// TestNoTerminalForCommands runs a command that asks for a password: it fails at once.
func TestNoTerminalForCommands(t *testing.T) {
	term := newTerminal(t)
	term.write("r.yaml", `
steps: {s: {uses: exec, with: {outputs: [o], script: "read password < /dev/tty; echo got $password > out/o/f"}}}
`)
	term.press("assay run r.yaml; echo exit code $?.\n")
	term.shows("No such device or address")
	term.shows("exit code 1.")
}
