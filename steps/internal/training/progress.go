package training

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"assay/engine/step"
)

// A progress keeps the state of a training in the folder that survives a kill. The
// zero value keeps nothing.
type progress struct{ root *os.Root }

// stateFile is the file of a state; a new one takes its place when it is whole.
const stateFile = "state"

// maxState is the size in bytes above which a state is not kept, since it would not be
// read again.
const maxState = 1 << 30

// openProgress returns the progress of a running step.
func openProgress(ctx context.Context) (*progress, error) {
	root, err := step.ResumeDir(ctx)
	if err != nil {
		return nil, fmt.Errorf("cannot open the folder of an interrupted training: %w", err)
	}
	return &progress{root}, nil
}

func (p *progress) close() error {
	if p.root == nil {
		return nil
	}
	return p.root.Close()
}

// Load implements [nn.Progress].
func (p *progress) Load() ([]byte, error) {
	if p.root == nil {
		return nil, nil
	}
	f, err := p.root.Open(stateFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxState))
}

// Save implements [nn.Progress].
func (p *progress) Save(state []byte) error {
	if p.root == nil || len(state) > maxState {
		return nil
	}
	const next = stateFile + ".next"
	if err := p.root.WriteFile(next, state, 0o644); err != nil {
		return err
	}
	return p.root.Rename(next, stateFile)
}
