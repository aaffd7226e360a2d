package executortest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/artifacts/work"
	"assay/engine"
	"assay/engine/executortest"
	"assay/engine/graph"
	"assay/engine/step"
)

func TestLocal(t *testing.T) {
	executortest.Test(t, func(*testing.T, executortest.Env) engine.Executor { return engine.Local{Cores: 2} })
}

// TestProcess proves that a job is a value: it is sent as JSON to another process, which knows
// only the store, the kinds and the job.
func TestProcess(t *testing.T) {
	executortest.Test(t, func(_ *testing.T, env executortest.Env) engine.Executor { return process{env.Dir} })
}

// process runs each job in a process of its own.
type process struct{ store string }

// message is a job as it is sent.
type message struct {
	Store  string
	Text   string // the action's
	Inputs []input
	Node   string
	Need   graph.Need
	Limit  time.Duration
	Dir    string
	Resume string
}

// input is where the files of an input lie: in the store, or below a root.
type input struct {
	Port   step.Port
	Labels step.Labels
	From   string
	Root   string
}

// reply is a line that the process prints.
type reply struct {
	Event *step.Message
	Done  bool
	Error string
}

func (p process) Capacity() graph.Need { return engine.Local{Cores: 2}.Capacity() }

func (p process) Execute(ctx context.Context, j *engine.Job) error {
	m := message{Text: string(j.Action.Text()), Node: j.Node, Need: j.Need, Limit: j.Limit}
	for _, in := range j.Action.Inputs {
		m.Inputs = append(m.Inputs, input{in.Port, in.Labels, in.From, in.Root()})
	}
	var err1, err2, err3 error
	m.Store, err1 = filepath.Abs(p.store)
	m.Dir, err2 = filepath.Abs(j.Place.Dir)
	m.Resume, err3 = filepath.Abs(j.Resume)
	text, err4 := json.Marshal(m)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	c := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestMain$")
	c.Dir = os.TempDir() // the job must be enough, whatever folder it runs in
	c.Env = append(os.Environ(), jobVariable+"="+string(text))
	c.Stderr = os.Stderr
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	out, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	defer c.Wait()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var r reply
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return fmt.Errorf("%q: %w", lines.Text(), err)
		}
		switch {
		case r.Event != nil:
			j.Sink.Emit(*r.Event)
		case r.Error != "":
			return errors.New(r.Error)
		case r.Done:
			return nil
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.New("the process ended without an answer")
}

const jobVariable = "ASSAY_TEST_JOB"

// TestMain is also the main function of the other process.
func TestMain(m *testing.M) {
	text := os.Getenv(jobVariable)
	if text == "" {
		os.Exit(m.Run())
	}
	r := reply{Done: true}
	if err := perform(text); err != nil {
		r = reply{Error: err.Error()}
	}
	json.NewEncoder(os.Stdout).Encode(r)
}

// perform executes a job that it reads as text.
func perform(text string) error {
	var m message
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return err
	}
	s, err := store.Open(m.Store, func(string) {})
	if err != nil {
		return err
	}
	defer s.Close()
	spec, err := artifacts.ParseAction([]byte(m.Text))
	if err != nil {
		return err
	}
	a := &engine.Action{Params: spec.Params}
	for _, k := range executortest.Kinds() {
		if k.String() == spec.Kind {
			a.Kind = k
		}
	}
	for i, in := range spec.Inputs {
		tree, err := s.ReadTree(in.Tree)
		if err != nil {
			return err
		}
		a.Inputs = append(a.Inputs, engine.ActionInput{Port: m.Inputs[i].Port, Labels: m.Inputs[i].Labels,
			From: m.Inputs[i].From, Tree: tree, FS: open(s, tree, m.Inputs[i].Root)})
	}
	for _, port := range spec.Outputs {
		a.Outputs = append(a.Outputs, step.Port{Name: port})
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return engine.Local{}.Execute(ctx, &engine.Job{Action: a, Node: m.Node, Need: m.Need,
		Limit: m.Limit, Place: &work.Scratch{Dir: m.Dir}, Resume: m.Resume, Sink: printer{}})
}

func open(s *store.Store, tree artifacts.Tree, root string) fs.FS {
	if root == "" {
		return s.FS(tree)
	}
	return artifacts.NewFS(tree, func(name string) string { return filepath.Join(root, filepath.FromSlash(name)) })
}

// printer sends the messages of a kind to the process that waits.
type printer struct{}

func (printer) Emit(ev step.Message) {
	line, err := json.Marshal(reply{Event: &ev})
	if err == nil {
		fmt.Println(strings.TrimSpace(string(line)))
	}
}
