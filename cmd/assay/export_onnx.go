package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"assay/artifacts/deliver"
	"assay/cmd/assay/internal/plain"
	"assay/steps/kit/model/onnx"
	"assay/steps/kit/model/saved"
)

// modelOutput is the output of a step that trains.
const modelOutput = "model"

// exportONNX writes the model NODE[.OUTPUT] as an ONNX file. Of a step that trains, the
// output need not be named.
func (s *session) exportONNX(c *cobra.Command, what, file string, force bool) error {
	if file == "" || os.IsPathSeparator(file[len(file)-1]) {
		return usagef("--onnx takes the name of a file, such as model.onnx")
	}
	p, err := s.pickModel(c, what)
	if err != nil {
		return err
	}
	t, err := p.tree()
	if err != nil {
		return err
	}
	name := p.node.Name() + "." + p.ports[0]
	m, err := saved.Open(s.store.FS(t))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b, err := onnx.Encode(m)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	wrote, err := deliver.File(c.Context(), s.store, file, b, force)
	if err != nil {
		return err
	}
	state := "written"
	if !wrote {
		state = "was there already"
	}
	fmt.Fprintf(c.OutOrStdout(), "%s (%s, %s) %s\n", file, m.About().Family, plain.Size(int64(len(b))), state)
	return nil
}

// pickModel finds the one node, and the one output of it that holds a model.
func (s *session) pickModel(c *cobra.Command, what string) (picked, error) {
	p, err := s.pickOne(c, what)
	if err != nil || len(p.ports) == 1 {
		return p, err
	}
	if !slices.Contains(p.ports, modelOutput) {
		return p, usagef("%s has no output %q; name a step that trains", p.node.Name(), modelOutput)
	}
	p.ports = []string{modelOutput}
	return p, nil
}
