package exec

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"assay/engine/step"
)

// Signal implements [step.Signaler]: all the command's processes get the signal.
// With SIGKILL, which is for the end of assay, so do those that belong to nobody.
func (g *group) Signal(sig os.Signal) error {
	s, ok := sig.(syscall.Signal)
	if !ok {
		return errors.ErrUnsupported
	}
	if s == syscall.SIGKILL {
		g.kill(nil)
		return nil
	}
	err := syscall.Kill(-g.pid(), s)
	for _, p := range living(g.tree(processes(), nil)) {
		if p.group != g.pid() {
			syscall.Kill(p.pid, s)
		}
	}
	return err
}

// maxRounds bounds how often a command's processes are searched for while they die: a
// process that starts others may be one step ahead.
const maxRounds = 50

// kill ends the command's processes. If others, which lists all other running commands,
// is not nil, it also ends those that belong to nobody.
func (g *group) kill(others []step.Signaler) {
	syscall.Kill(-g.pid(), syscall.SIGKILL)
	for range maxRounds {
		all := processes()
		list := g.tree(all, others)
		if g.all.Complete() && len(others) == 0 {
			list = append(list, nobodys(all, append(others, g))...)
		}
		for _, p := range list {
			if p.dead && p.parent == os.Getpid() && p.pid != g.pid() {
				syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
			}
		}
		left := living(list)
		for _, p := range left {
			syscall.Kill(p.pid, syscall.SIGKILL)
		}
		if len(left) == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// end kills what a finished command left running. Most leave nothing, which is detected
// without listing all processes.
func (g *group) end() {
	if syscall.Kill(-g.pid(), syscall.SIGKILL) != nil && len(adopted()) == 0 {
		return
	}
	g.all.Exclusive(func(live []step.Signaler) {
		g.kill(slices.DeleteFunc(live, func(s step.Signaler) bool { return s == step.Signaler(g) }))
	})
}

// reap collects orphans that have ended, as init would.
func (g *group) reap() {
	if !g.all.Complete() || len(adopted()) == 0 {
		return
	}
	g.all.Exclusive(func(live []step.Signaler) {
		leaders := leadersOf(live)
		for _, pid := range adopted() {
			if p, ok := lookAt(pid); ok && p.dead && !leaders[pid] {
				syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
			}
		}
	})
}

// adopted returns the children of the main thread, which orphans become. Commands,
// except for one at most, are children of other threads.
func adopted() []int {
	pid := os.Getpid()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil { // a kernel that does not say
		var list []int
		for _, p := range processes() {
			if p.parent == pid {
				list = append(list, p.pid)
			}
		}
		return list
	}
	var list []int
	for _, word := range strings.Fields(string(b)) {
		if n, err := strconv.Atoi(word); err == nil {
			list = append(list, n)
		}
	}
	return list
}
