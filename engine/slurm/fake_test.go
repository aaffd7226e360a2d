//go:build unix

package slurm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"assay/engine/executortest"
	"assay/engine/slurm/agent"
	"assay/engine/slurm/queue"
	"assay/engine/step"
)

// The test binary plays sbatch, squeue and scancel under these names, and the program on the
// nodes. Its queue is a folder: a file per task holds its state. Files with the names of faults
// make it fail.
func TestMain(m *testing.M) {
	state := filepath.Join(filepath.Dir(os.Args[0]), "state")
	switch name := filepath.Base(os.Args[0]); {
	case name == "sbatch" || name == "squeue" || name == "scancel":
		os.Exit(fakeCommand(fake{state}, name, os.Args[1:]))
	case len(os.Args) > 1 && os.Args[1] == "fake-array":
		fake{os.Args[2]}.runArray(os.Args[3])
	case len(os.Args) > 1 && os.Args[1] == "exec-step":
		os.Exit(execStep(os.Args[2:]))
	default:
		os.Exit(m.Run())
	}
}

// newFake makes a cluster, and returns the folder of its commands.
func newFake(t *testing.T) fake {
	t.Helper()
	dir := t.TempDir()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sbatch", "squeue", "scancel"} {
		if err := os.Symlink(own, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	f := fake{filepath.Join(dir, "state")}
	if err := os.Mkdir(f.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // jobs that go on must not write into a folder that is being removed
		for range 300 {
			f.cancelAll()
			if busy, _ := filepath.Glob(f.path("busy-*")); len(busy) == 0 {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
	return f
}

// fake is the state of the cluster.
type fake struct{ dir string }

func (f fake) commands() string              { return filepath.Dir(f.dir) }
func (f fake) path(name string) string       { return filepath.Join(f.dir, name) }
func (f fake) has(name string) bool          { _, err := os.Stat(f.path(name)); return err == nil }
func (f fake) set(name, text string)         { os.WriteFile(f.path(name), []byte(text), 0o666) }
func (f fake) clear(name string)             { os.Remove(f.path(name)) }
func (f fake) read(name string) string       { b, _ := os.ReadFile(f.path(name)); return string(b) }
func (f fake) count(name string) int         { return strings.Count(f.read("calls"), name+"\n") }
func (f fake) state(id string, t int) string { return f.read(fmt.Sprintf("%s_%d", id, t)) }

// array is what sbatch was asked.
type array struct {
	Name, Output, Script, Dir string
	Tasks                     int
	Args                      []string
}

func fakeCommand(f fake, name string, args []string) int {
	log, err := os.OpenFile(f.path("calls"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err == nil {
		fmt.Fprintln(log, name)
		log.Close()
	}
	if f.has("down") || f.has("down-"+name) {
		fmt.Fprintf(os.Stderr, "%s: error: Unable to contact slurm controller (connect failure)\n", name)
		return 1
	}
	switch name {
	case "sbatch":
		err = f.submit(args)
	case "squeue":
		if !f.has("forget") {
			fmt.Print(f.rows())
		}
	case "scancel":
		f.cancel(args)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sbatch: error:", err)
		return 1
	}
	return 0
}

func (f fake) submit(args []string) error {
	if text := f.read("refuse"); text != "" {
		return errors.New(text)
	}
	script, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	a := array{Script: string(script), Args: args}
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "--job-name":
			a.Name = value
		case "--output":
			a.Output = value
		case "--chdir":
			a.Dir = value
		case "--array":
			fmt.Sscanf(value, "0-%d", &a.Tasks)
			a.Tasks++
		}
	}
	id := 1
	for ; os.Mkdir(f.path(fmt.Sprint("array-", id)), 0o777) != nil; id++ {
	}
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	for t := range a.Tasks {
		f.set(fmt.Sprintf("%d_%d", id, t), "PENDING")
	}
	f.set(fmt.Sprintf("array-%d/job", id), string(text))
	if !f.has("hold") {
		own, err := os.Executable()
		if err != nil {
			return err
		}
		c := exec.Command(own, "fake-array", f.dir, fmt.Sprint(id))
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		f.set(fmt.Sprint("busy-", id), "")
		if err := c.Start(); err != nil {
			return err
		}
	}
	if f.has("mute") { // it was taken, but the answer is lost
		return errors.New("Socket timed out on send/recv operation")
	}
	fmt.Println(id)
	return nil
}

func (f fake) array(id string) (a array) {
	json.Unmarshal([]byte(f.read("array-"+id+"/job")), &a)
	return a
}

// runArray runs the tasks of an array, four at a time.
func (f fake) runArray(id string) {
	a := f.array(id)
	var g errgroup.Group
	g.SetLimit(4)
	for t := range a.Tasks {
		g.Go(func() error {
			f.runTask(a, id, t)
			return nil
		})
	}
	g.Wait()
	f.clear("busy-" + id)
}

func (f fake) runTask(a array, id string, t int) {
	name := fmt.Sprintf("%s_%d", id, t)
	if f.read(name) != "PENDING" {
		return
	}
	out, err := os.Create(strings.ReplaceAll(a.Output, "%a", strconv.Itoa(t)))
	if err != nil {
		f.set(name, "FAILED")
		return
	}
	defer out.Close()
	c := exec.Command("sh", "-c", a.Script)
	c.Dir, c.Stdout, c.Stderr = a.Dir, out, out
	c.Env = append(os.Environ(), fmt.Sprint("SLURM_ARRAY_TASK_ID=", t), "SLURM_ARRAY_JOB_ID="+id)
	// The process dies, and says why: one of those that come at the same time.
	if why := f.read("crash"); os.Remove(f.path("crash")) == nil {
		fmt.Fprint(out, why)
		f.set(name, "FAILED")
		return
	}
	began := f.move(name, "PENDING", "RUNNING", func() {
		if err = c.Start(); err == nil {
			f.set("pid-"+name, fmt.Sprint(c.Process.Pid))
		}
	})
	if !began || err != nil {
		return
	}
	end := "COMPLETED"
	if c.Wait() != nil {
		end = "FAILED"
	}
	f.move(name, "RUNNING", end, func() {})
}

// move changes the state of a task, unless it is another one than was thought.
func (f fake) move(name, from, to string, also func()) bool {
	lock, err := os.OpenFile(f.path("lock"), os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return false
	}
	defer lock.Close()
	syscall.Flock(int(lock.Fd()), syscall.LOCK_EX)
	if state, _, _ := strings.Cut(f.read(name), " "); state != from {
		return false
	}
	also()
	f.set(name, to)
	return true
}

// rows prints the queue.
func (f fake) rows() string {
	var b strings.Builder
	tasks, _ := filepath.Glob(f.path("[0-9]*_[0-9]*"))
	for _, path := range tasks {
		name := filepath.Base(path)
		id, t, _ := strings.Cut(name, "_")
		reason := "None"
		state, why, has := strings.Cut(f.read(name), " ")
		if has {
			reason = why
		}
		host := "n1"
		if f.has("nohost") {
			host = ""
		}
		fmt.Fprintf(&b, "%s|%s|%s|%s|0:01|%s|%s\n", id, t, state, host, f.array(id).Name, reason)
	}
	return b.String()
}

func (f fake) cancelAll() { f.cancel([]string{"--name="}) }

// cancel stops the tasks that scancel was told.
func (f fake) cancel(args []string) {
	tasks, _ := filepath.Glob(f.path("[0-9]*_[0-9]*"))
	for _, path := range tasks {
		name := filepath.Base(path)
		id, _, _ := strings.Cut(name, "_")
		for _, arg := range args {
			named, byName := strings.CutPrefix(arg, "--name=")
			if arg != name && arg != id && !(byName && (named == "" || named == f.array(id).Name)) {
				continue
			}
			if f.move(name, "PENDING", "CANCELLED", func() {}) {
				continue
			}
			f.move(name, "RUNNING", "CANCELLED", func() { f.kill(name, syscall.SIGTERM) })
		}
	}
}

func (f fake) kill(task string, sig syscall.Signal) {
	if pid, err := strconv.Atoi(f.read("pid-" + task)); err == nil {
		syscall.Kill(pid, sig)
	}
}

// execStep is the program on a node.
func execStep(args []string) int {
	t := agent.Task{Kinds: append(executortest.Kinds(), slow())}
	for i := 0; i+1 < len(args); i += 2 {
		switch args[i] {
		case "--store":
			t.Store = args[i+1]
		case "--set":
			t.Set = args[i+1]
		case "--try":
			t.Try, _ = strconv.Atoi(args[i+1])
		case "--task":
			t.Task, _ = strconv.Atoi(args[i+1])
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := t.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// slow is a kind that works until there is a file go in the folder that its parameter names,
// and counts how often it was started.
func slow() *step.Kind {
	type params struct {
		Until string `json:"until"`
	}
	type out struct{ Files *os.Root }
	return step.Define("slow", "1", "Wait for a file", params{}, func(ctx context.Context, p params, _ struct{}, out out) error {
		f, err := os.OpenFile(filepath.Join(p.Until, "starts"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
		if err != nil {
			return err
		}
		fmt.Fprintln(f, "start")
		f.Close()
		for {
			if _, err := os.Stat(filepath.Join(p.Until, "go")); err == nil {
				return out.Files.WriteFile("done", []byte("done"), 0o666)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
}

func client(f fake) *queue.Client { return &queue.Client{Dir: f.commands()} }
