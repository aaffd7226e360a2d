package exec

import (
	"os/exec"
	"runtime"
	"syscall"
)

// inGroup makes the command and its children end together when it is told to
// stop. If assay itself is killed the kernel kills the command; what that had
// started may go on, and reaches nothing that anybody uses.
func inGroup(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGTERM) }
}

// runOn runs the command, with what it may use inside the project, from a thread
// of its own that first passes through the fence. The thread is never given back: the fence stays on it, and the
// kernel would send Pdeathsig if it ended before the command does.
func runOn(c *exec.Cmd, f *fence, within grant) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		if err := f.pass(within); err != nil {
			done <- err
			return
		}
		done <- c.Run()
	}()
	err := <-done
	if c.Process != nil {
		syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // what it left running
	}
	return err
}
