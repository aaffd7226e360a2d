package graph_test

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"assay/engine/step"
)

type lineParams struct {
	Suffix string   `json:"suffix"`
	Words  []string `json:"words"`
	N      int      `json:"n"`
}

func (p *lineParams) Check() error {
	if p.N < 0 {
		return errors.New("n must not be negative")
	}
	return nil
}

type (
	lineIn struct{ Text fs.FS }
	bothIn struct {
		Text fs.FS
		More fs.FS `step:"optional"`
	}
	listIn  struct{ Texts []step.Input }
	filesIn struct {
		Files fs.FS `step:"shard,match=*.txt"`
	}
	lineOut struct{ Text *os.Root }
)

// kinds are for tests that only need their ports and parameters: nothing runs them.
func kinds() []*step.Kind {
	return []*step.Kind{
		step.Define("strip", "1", "copies lines", lineParams{}, unused[lineParams, lineIn]),
		step.Define("copy", "1", "copies its input", struct{}{}, unused[struct{}, bothIn]),
		step.Define("join", "1", "joins all inputs", struct{}{}, unused[struct{}, listIn]),
		step.Define("each", "1", "copies file by file, in shards", struct{}{}, unused[struct{}, filesIn]),
	}
}

func unused[P, In any](context.Context, P, In, lineOut) error { return errors.New("nobody runs this") }
