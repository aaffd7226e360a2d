// Package exec is the kind "exec": it runs a command, so a program in any language can
// be a step.
//
// Call [Kind]. Read [Params] first, then [runner.run]. The command runs in a folder of
// its own; in/PORT holds each input, and the command puts each output into out/PORT.
// What it prints is its log; lines that begin with "::" are for assay, see protocol.go.
package exec

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"assay/engine/step"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("exec", "2", "Run a command on its inputs", Params{Shell: "bash"}, (&runner{}).run)
}

// Params say what to run. All of them are part of the action's key. Of the variables in
// Pass, only the names are part of it, not the values.
type Params struct {
	Run     []string `json:"run,omitempty" doc:"the program and its arguments; paths start from a folder that has in/PORT and out/PORT"`
	Script  string   `json:"script,omitempty" doc:"lines for a shell, instead of run; it stops at the first that fails"`
	Shell   string   `json:"shell" oneof:"bash sh" doc:"what runs the script: bash, where a pipe fails if any of its commands does, or sh (POSIX), where only the last one counts"`
	Outputs []string `json:"outputs" doc:"names of the outputs; the command puts files into out/NAME"`
	Env     []string `json:"env,omitempty" doc:"variables of the command, as NAME=value"`
	Pass    []string `json:"pass,omitempty" doc:"variables to pass on from assay's own environment; their values must not change the outputs"`
	Shard   []string `json:"shard,omitempty" doc:"inputs to cut into shards; the command runs once per shard"`
	Allow   []string `json:"allow,omitempty" doc:"paths of the project that the command may use although they are not inputs, such as .venv; their content is not part of the key"`
	Version string   `json:"version,omitempty" doc:"any text; change it to run again, for example when the program changed"`
}

// InPort implements [step.Porter]: any name is an input that takes any number of
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
	if len(p.Run) > 0 && p.Run[0] == "" {
		errs = append(errs, errors.New("run: the first word is the program, and it is empty"))
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
	if p.Shell == "sh" && p.Script == "" && len(p.Run) > 0 {
		errs = append(errs, errors.New("shell: it needs a script:, and there is none; remove it"))
	}
	errs = append(errs, p.checkSizes())
	return errors.Join(errs...)
}

// A runner runs commands, which share the fence and its list of the project's
// surroundings.
type runner struct{ fence fence }

// run executes the command. An output that it left empty is an error: most likely the
// command wrote to another folder.
func (r *runner) run(ctx context.Context, p Params, in step.Inputs, _ step.Outputs) error {
	for _, name := range p.Shard {
		if _, ok := in[name]; !ok {
			return fmt.Errorf("shard: there is no input %s; the inputs are %s", name,
				strings.Join(slices.Sorted(maps.Keys(in)), ", "))
		}
	}
	place, err := newPlace(ctx)
	if err != nil {
		return err
	}
	if err := place.lay(in, r.fence.stands()); err != nil {
		return err
	}
	err = r.command(ctx, p, place)
	place.openUp(p.Outputs)
	if err != nil {
		return errors.Join(err, place.inputsIntact())
	}
	return errors.Join(place.inputsIntact(), place.outputsMade(p.Outputs))
}
