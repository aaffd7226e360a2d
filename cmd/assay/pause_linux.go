package main

import (
	"bytes"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// pauses makes Ctrl-Z stop the commands and then assay. The commands have sessions of their
// own, so the terminal does not signal them. When assay continues, they continue. The
// returned function ends that.
func (l *lifetime) pauses() (end func()) {
	c := make(chan os.Signal, 1)
	if signal.Ignored(syscall.SIGTSTP) {
		return func() {}
	}
	signal.Notify(c, syscall.SIGTSTP)
	quit := make(chan struct{})
	go func() {
		for {
			select {
			case <-c:
				if continues(os.Getpid()) {
					l.commands.Pause(syscall.SIGSTOP, syscall.SIGCONT, stopHere)
				}
			case <-quit:
				return
			}
		}
	}()
	return func() {
		signal.Stop(c)
		close(quit)
	}
}

// stopHere stops the process and returns when it continues. It signals its own thread, so
// that the signal has arrived when the call returns. It sends SIGSTOP, since Go handles
// SIGTSTP itself.
func stopHere() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	syscall.Tgkill(os.Getpid(), syscall.Gettid(), syscall.SIGSTOP)
}

// continues reports whether a shell could continue the process after a stop: one in the same
// session that gave it a process group of its own. Without one the kernel does not let Ctrl-Z
// stop a process either.
func continues(pid int) bool {
	_, group, session, ok := family(pid)
	for ok && pid > 1 {
		parent, _, _, _ := family(pid)
		_, g, s, found := family(parent)
		if !found || s != session {
			return false
		}
		if g != group {
			return true
		}
		pid = parent
	}
	return false
}

// family reads a process's parent, process group and session.
func family(pid int) (parent, group, session int, ok bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, 0, false
	}
	var state string
	n, _ := fmt.Sscan(string(b[bytes.LastIndexByte(b, ')')+1:]), &state, &parent, &group, &session)
	return parent, group, session, n == 4
}
