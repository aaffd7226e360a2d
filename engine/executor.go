package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"assay/artifacts/store"
	"assay/artifacts/work"
	"assay/engine/step"
)

// An Executor runs an action somewhere, filling out/PORT of the folder place for
// each output of its kind; see [step.Place] for what else is there. It
// decides nothing: not whether to run, not what is kept.
type Executor interface {
	Execute(ctx context.Context, a *Action, place string) error
}

// folders lists the folders that an action finds in its place.
func (a *Action) folders() []string {
	var list []string
	for _, out := range a.Outputs {
		list = append(list, filepath.Join("out", out.Name))
	}
	return list
}

// readFrom says what links in an output may lead to.
func (a *Action) readFrom(place string) store.Inputs {
	from := store.Inputs{Dir: filepath.Join(place, work.InputsDir)}
	for _, in := range a.Inputs {
		if in.source == nil {
			from.Trees = append(from.Trees, in.Tree)
			continue
		}
		from.Sources, from.Parts = append(from.Sources, in.source), append(from.Parts, in.Tree)
	}
	return from
}

// outputDir is where an executor puts an output.
func outputDir(place, port string) string { return filepath.Join(place, "out", port) }

// Local executes actions in this process.
type Local struct{}

// Execute runs the action's kind here. A panic of the kind becomes an error.
func (Local) Execute(ctx context.Context, a *Action, place string) (err error) {
	params := a.Kind.Params()
	d := json.NewDecoder(bytes.NewReader(a.Params))
	d.DisallowUnknownFields()
	if err := d.Decode(params); err != nil {
		return fmt.Errorf("parameters of %s: %w", a.Kind, err)
	}
	in := step.Inputs{}
	for _, i := range a.Inputs {
		in[i.Port.Name] = append(in[i.Port.Name], step.Input{Labels: i.Labels, FS: i.FS})
	}
	outs := step.Outputs{}
	for _, p := range a.Outputs {
		root, err := os.OpenRoot(outputDir(place, p.Name))
		if err != nil {
			return err
		}
		defer root.Close()
		outs[p.Name] = root
	}
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("kind %s panicked, which is a bug in it: %v\n%s", a.Kind, v, debug.Stack())
		}
	}()
	return a.Kind.Run(step.WithPlace(ctx, place), params, in, outs)
}
