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

// A group is a command that runs, with all that it started; see tree_linux.go for
// what belongs to it.
type group struct {
	leader  atomic.Int64 // its process, and the session and process group of it
	mark    string       // the path of its folder, which stands in the environment of what it starts
	stopped atomic.Int64 // when it was told to stop, in ns of the epoch; 0 if it was not
	all     *step.Commands
}

func (g *group) pid() int { return int(g.leader.Load()) }

// inGroup gives the command a session of its own, so that it has no terminal: what
// asks for a password fails at once and does not wait for an answer that the
// kernel would never let it read. It and its children end together when it is told
// to stop. If assay itself is killed the kernel kills the command; what that had
// started may go on, and reaches nothing that anybody uses.
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

// tick is how often the end of processes that a command left to assay is looked
// for while it runs, and poll how often whether those that were told to stop did.
const (
	tick = time.Second
	poll = 20 * time.Millisecond
)

// runOn runs the command, with what it may use inside the project, and ends what
// it leaves running.
func runOn(ctx context.Context, c *exec.Cmd, f *fence, within grant) error {
	g := inGroup(ctx, c)
	// Orphans come to assay and not to init, so that it finds them.
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

// onThread runs the command from a thread of its own that first passes through
// the fence. The thread is never given back: the fence stays on it, and the kernel
// would send Pdeathsig if it ended before the command does.
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

// linger gives what a command that was told to stop had started the time that it
// has itself: a shell dies at once, and what it called may still clean up.
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
