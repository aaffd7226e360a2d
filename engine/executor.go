package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"assay/engine/step"
)

// An Executor runs an action somewhere, filling the folder out/<port> for each
// output of its kind. It decides nothing: not whether to run, not what is kept.
type Executor interface {
	Execute(ctx context.Context, a *Action, out string) error
}

// Local executes actions in this process.
type Local struct{}

// Execute runs the action's kind here. A panic of the kind becomes an error.
func (Local) Execute(ctx context.Context, a *Action, out string) (err error) {
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
		dir := filepath.Join(out, p.Name)
		if err := os.Mkdir(dir, 0o777); err != nil {
			return err
		}
		root, err := os.OpenRoot(dir)
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
	return a.Kind.Run(ctx, params, in, outs)
}
