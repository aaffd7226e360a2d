package exec

import (
	"os/exec"
	"runtime"
	"syscall"
)

// inGroup makes the command and its children end together: when it is told to
// stop, and when assay itself is killed.
func inGroup(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGTERM) }
}

// runLocked runs the command on a thread that lives as long as it does: the
// kernel sends Pdeathsig when the thread that started the command ends.
func runLocked(c *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := c.Run()
	if c.Process != nil {
		syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // what it left running
	}
	return err
}
