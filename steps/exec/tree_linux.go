package exec

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"assay/engine/step"
)

// What a command starts belongs to it: the processes of its session and its process
// group, all their children, and the orphans that have the command's folder in their
// environment. An orphan with a session of its own and another environment belongs to
// nobody: it is ended when a command ends and no other runs, and when assay ends.

// process is what /proc tells about a process.
type process struct {
	pid, parent, group, session int
	dead                        bool // a zombie: its exit status was not read yet
}

// processes lists all processes there are.
func processes() []process {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	var list []process
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if p, ok := lookAt(pid); ok {
				list = append(list, p)
			}
		}
	}
	return list
}

// lookAt reads /proc/PID/stat: "1 (name) S 0 1 1 …". The name may hold anything.
func lookAt(pid int) (p process, ok bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return p, false
	}
	var state string
	rest := string(b[bytes.LastIndexByte(b, ')')+1:])
	n, _ := fmt.Sscan(rest, &state, &p.parent, &p.group, &p.session)
	p.pid, p.dead = pid, state == "Z" || state == "X"
	return p, n == 4
}

// tree picks the command's processes from all processes. others are other commands that
// run, whose processes are not included.
func (g *group) tree(all []process, others []step.Signaler) []process {
	children := map[int][]process{}
	for _, p := range all {
		children[p.parent] = append(children[p.parent], p)
	}
	leaders := leadersOf(others)
	var out []process
	seen := map[int]bool{os.Getpid(): true}
	var add func(p process)
	add = func(p process) {
		if seen[p.pid] || leaders[p.pid] {
			return
		}
		seen[p.pid] = true
		out = append(out, p)
		for _, c := range children[p.pid] {
			add(c)
		}
	}
	for _, p := range all {
		if p.pid == g.pid() || p.session == g.pid() || p.group == g.pid() {
			add(p)
		}
	}
	for _, p := range children[os.Getpid()] {
		if !seen[p.pid] && !leaders[p.pid] && g.marked(p.pid) {
			add(p)
		}
	}
	return out
}

// leadersOf returns the processes of some commands.
func leadersOf(list []step.Signaler) map[int]bool {
	out := map[int]bool{}
	for _, s := range list {
		if g, ok := s.(*group); ok {
			out[g.pid()] = true
		}
	}
	return out
}

// marked reports whether a process has the command's folder in its environment.
func (g *group) marked(pid int) bool {
	env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	return err == nil && mentions(env, g.mark)
}

// mentions reports whether a list of variables contains a path, or one below it. The
// folder of another command may have the same prefix.
func mentions(env []byte, path string) bool {
	for path != "" {
		i := bytes.Index(env, []byte(path))
		if i < 0 {
			break
		}
		env = env[i+len(path):]
		if len(env) == 0 || strings.ContainsRune("/:\x00", rune(env[0])) {
			return true
		}
	}
	return false
}

// nobodys returns the orphans of assay that belong to no command.
func nobodys(all []process, live []step.Signaler) []process {
	taken := leadersOf(live)
	for _, s := range live {
		if g, ok := s.(*group); ok {
			for _, p := range g.tree(all, nil) {
				taken[p.pid] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(p process) bool {
		return p.parent != os.Getpid() || taken[p.pid]
	})
}

// living leaves out the processes that are dead.
func living(list []process) []process {
	return slices.DeleteFunc(slices.Clone(list), func(p process) bool { return p.dead })
}
