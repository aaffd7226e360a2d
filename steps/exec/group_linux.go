package exec

import (
	"context"
	"os/exec"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"assay/engine/step"
)

// A group is a running command with all the processes that it started; tree_linux.go
// says which those are.
type group struct {
	leader  atomic.Int64 // its process, and the session and process group of it
	mark    string       // the path of its folder, which stands in the environment of what it starts
	stopped atomic.Int64 // when it was told to stop, in ns of the epoch; 0 if it was not
	all     *step.Commands
}

func (g *group) pid() int { return int(g.leader.Load()) }

// inGroup gives the command a session of its own, so it has no terminal: a program that
// asks for a password fails at once instead of waiting for ever. The command and its
// children end together when they are told to stop. If assay itself is killed, the
// kernel kills the command; its children may go on, but reach nothing that anybody uses.
func inGroup(ctx context.Context, c *exec.Cmd) *group {
	g := &group{mark: c.Dir, all: step.CommandsOf(ctx)}
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	c.WaitDelay = step.StopGrace
	c.Cancel = func() error {
		g.leader.Store(int64(c.Process.Pid)) // os/exec may call this before its Start returns
		g.stopped.Store(time.Now().UnixNano())
		return g.Signal(syscall.SIGTERM)
	}
	return g
}

// tick is how often orphans that ended are looked for while the command runs. poll is
// how often a stopped command is checked for having ended.
const (
	tick = time.Second
	poll = 20 * time.Millisecond
)

// runOn runs the command, restricted to the grant, and ends what it leaves running.
func runOn(ctx context.Context, c *exec.Cmd, f *fence, within grant) error {
	g := inGroup(ctx, c)
	// Orphans become children of assay and not of init, so it can find them.
	unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	done := make(chan error, 1)
	var forget func()
	go func() { done <- g.onThread(c, f, within, &forget) }()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			g.reap()
		case err := <-done:
			if forget != nil { // it started
				g.linger()
				g.end()
				forget()
			}
			return err
		}
	}
}

// onThread runs the command from a thread of its own, which first goes behind the fence.
// The thread is never given back: the fence stays on it, and if it ended before the
// command, the kernel would send Pdeathsig.
func (g *group) onThread(c *exec.Cmd, f *fence, within grant, forget *func()) error {
	runtime.LockOSThread()
	if err := f.pass(within); err != nil {
		return err
	}
	done, err := g.all.Start(func() (step.Signaler, error) {
		if err := c.Start(); err != nil {
			return nil, err
		}
		g.leader.Store(int64(c.Process.Pid))
		return g, nil
	})
	if err != nil {
		return err
	}
	*forget = done
	return c.Wait()
}

// linger waits for the children of a stopped command. A shell dies at once, and the
// programs it called get the same grace time to clean up.
func (g *group) linger() {
	at := g.stopped.Load()
	if at == 0 {
		return
	}
	for end := time.Unix(0, at).Add(step.StopGrace); time.Now().Before(end); time.Sleep(poll) {
		if len(living(g.tree(processes(), nil))) == 0 {
			return
		}
	}
}
