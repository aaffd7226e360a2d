// Package exec is the kind "exec": it runs a command, so that a program in any
// language is a step.
//
// Call [Kind]. Read [Params] first, then [run]: the command is run in a folder
// of its own, in which in/PORT holds each input and out/PORT is where it puts
// each output. What it prints is its log; lines that begin with "::" are for
// assay, see protocol.go.
package exec

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"assay/engine/step"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("exec", "1", "Run a command on its inputs", Params{}, (&runner{}).run)
}

// Params say what to run. All of them are part of the action's key; of the
// variables in Pass the names are, and the values are not.
type Params struct {
	Run     []string `json:"run,omitempty" doc:"the program and its arguments; paths start from a folder that has in/PORT and out/PORT"`
	Script  string   `json:"script,omitempty" doc:"lines for sh, instead of run; the first that fails ends it"`
	Outputs []string `json:"outputs" doc:"names of the outputs; the command puts files into out/NAME"`
	Env     []string `json:"env,omitempty" doc:"variables of the command, as NAME=value"`
	Pass    []string `json:"pass,omitempty" doc:"variables to pass on from assay's own environment; their values must not change what is made"`
	Shard   []string `json:"shard,omitempty" doc:"inputs to cut into parts; the command is run once a part"`
	Allow   []string `json:"allow,omitempty" doc:"paths of the project that the command may use though they are no inputs, such as .venv; their content is not part of the key"`
	Version string   `json:"version,omitempty" doc:"any text; change it to run anew, for example when the program changed"`
}

// InPort implements [step.Porter]: any name is an input, of any number of
// artifacts.
func (p *Params) InPort(name string) step.Port {
	return step.Port{Name: name, Many: true, Shard: slices.Contains(p.Shard, name)}
}

// OutPorts implements [step.Porter].
func (p *Params) OutPorts() []step.Port {
	list := make([]step.Port, len(p.Outputs))
	for i, name := range p.Outputs {
		list[i] = step.Port{Name: name}
	}
	return list
}

// Check implements [step.Checker].
func (p *Params) Check() error {
	var errs []error
	if (len(p.Run) == 0) == (p.Script == "") {
		errs = append(errs, errors.New("say what to run: either run: [program, argument, …] or script: |"))
	}
	if len(p.Outputs) == 0 {
		errs = append(errs, errors.New("outputs: name at least one; the command puts its files into out/NAME"))
	}
	errs = append(errs, checkNames("outputs", p.Outputs), checkNames("shard", p.Shard), checkNames("pass", p.Pass))
	for _, e := range p.Env {
		if name, _, ok := cutEnv(e); !ok {
			errs = append(errs, fmt.Errorf("env: %q is not NAME=value", name))
		}
	}
	return errors.Join(errs...)
}

// A runner runs commands; they share what is known of the project's surroundings.
type runner struct{ fence fence }

// run executes the command. An output that it left empty is an error: most
// likely it wrote elsewhere.
func (r *runner) run(ctx context.Context, p Params, in step.Inputs, _ step.Outputs) error {
	for _, name := range p.Shard {
		if _, ok := in[name]; !ok {
			return fmt.Errorf("shard: there is no input %s; the inputs are %s", name, strings.Join(slices.Sorted(maps.Keys(in)), ", "))
		}
	}
	place, err := newPlace(ctx)
	if err != nil {
		return err
	}
	if err := place.inputs(in); err != nil {
		return err
	}
	if err := r.command(ctx, p, place); err != nil {
		return err
	}
	return errors.Join(place.inputsIntact(), place.outputsMade(p.Outputs))
}

// command runs the program and passes on what it prints.
func (r *runner) command(ctx context.Context, p Params, pl *place) error {
	argv := p.Run
	if p.Script != "" {
		argv = []string{"/bin/sh", "-eu", "-c", p.Script}
	}
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.Dir = pl.dir
	c.Env = environment(p, pl.dir, step.Cores(ctx))
	heard := &output{to: step.Report(ctx)}
	c.Stdout, c.Stderr = heard, heard
	err := runOn(ctx, c, &r.fence, pl.within(p.Allow))
	heard.flush()
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, exec.ErrWaitDelay):
		return fmt.Errorf("%s ended but left a process running that holds its output; let it wait for what it starts in the background, or send the output of that elsewhere", argv[0])
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("%w; install it, or name it by its path", err)
	case err != nil:
		return fmt.Errorf("%s: %w%s%s", argv[0], err, heard.tail(), hint(heard))
	}
	return nil
}

// hint says what a refused file most likely means.
func hint(heard *output) string {
	if !strings.Contains(strings.Join(heard.last, "\n"), "Permission denied") {
		return ""
	}
	return "\n  of the project and the folders above it, a command may read its inputs and write to its own folder: connect the file under \"in:\", copy an input before it is changed, or name a tool's folder under \"allow:\""
}

// environment is what the command sees: nothing of the caller's but PATH and
// what the recipe passes on, and how many cores it may use, by assay's name and
// by that of OpenMP, which numerical libraries heed too.
func environment(p Params, dir string, cores int) []string {
	n := strconv.Itoa(cores)
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TZ=UTC", "ASSAY_CORES=" + n, "OMP_NUM_THREADS=" + n}
	for _, name := range p.Pass {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return append(env, p.Env...)
}
