package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/deliver"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
)

// newExport makes the verb export.
func newExport() *cobra.Command {
	var e exportFlags
	c := &cobra.Command{
		Use:   "export RECIPE NODE[.OUTPUT] DIR | --pin NAME DIR | --onnx FILE RECIPE NODE[.OUTPUT]",
		Short: "copy an artifact out of the store, or write a model as ONNX",
		Long: `export copies the files of an artifact into a folder, as plain files that you may
change or send away, and writes a list of their digests beside it, DIR.SHA256SUMS. Check
them with: (cd DIR && sha256sum -c) < DIR.SHA256SUMS

The folder holds only the artifact's files, so pandas, pyarrow and polars can read a
folder of tables directly. For one output, the SHA-256 of the list is the digest that the
lock has; several outputs get a folder each. With --pin, export copies what is pinned by
that name, even if the recipe has changed since or is gone.

With --onnx, export writes the model of a step that trains as an ONNX file, which ONNX
Runtime and others predict with; docs/RECIPES.md says what goes in and comes out.

Files that are there and differ are not replaced without --force.`,
		RunE: e.run,
	}
	e.register(c)
	e.registerRemote(c)
	c.Flags().BoolVar(&e.force, "force", false, "replace files that differ")
	c.Flags().StringVar(&e.pin, "pin", "", "export what is pinned by this `name`")
	c.Flags().StringVar(&e.onnx, "onnx", "", "write a model to this `file` as ONNX")
	return c
}

// exportFlags are the flags of export.
type exportFlags struct {
	options
	force     bool
	pin, onnx string
}

// run does what the flags say: a pin, a model as ONNX, or an artifact of a recipe.
func (e *exportFlags) run(c *cobra.Command, args []string) error {
	switch {
	case c.Flags().Changed("onnx"):
		if e.pin != "" || len(args) != 2 {
			return usagef("export --onnx takes a file, a recipe and a model; for example: " +
				"assay export --onnx model.onnx recipes/quick.yaml 'gbt[hold=sample,view=oracle]'")
		}
		return e.withSession(c, args, func(s *session) error { return s.exportONNX(c, args[1], e.onnx, e.force) })
	case e.pin != "":
		return e.withStore(c, func(st *store.Store) error { return exportPin(c, st, e.pin, args, e.force) })
	case len(args) != 3:
		return usagef("export takes a recipe, a node or output, and a folder; for example: " +
			"assay export recipes/quick.yaml report.page out")
	}
	return e.withSession(c, args, func(s *session) error { return s.export(c, args[1], args[2], e.force) })
}

// export exports NODE[.OUTPUT].
func (s *session) export(c *cobra.Command, what, dir string, force bool) error {
	p, err := s.pickOne(c, what)
	if err != nil {
		return err
	}
	t, err := p.tree()
	if err != nil {
		return err
	}
	return exportTree(c, s.store, t, dir, force)
}

func exportTree(c *cobra.Command, st *store.Store, t artifacts.Tree, dir string, force bool) error {
	wrote, err := deliver.Export(c.Context(), st, t, dir, force)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s (%s), %d written; check with: (cd '%s' && sha256sum -c) < '%s'\n",
		dir, plain.Plural(len(t), "file"), wrote, dir, deliver.SumsPath(dir))
	return nil
}

// exportPin exports the artifacts of a pin; several get a folder each.
func exportPin(c *cobra.Command, st *store.Store, name string, args []string, force bool) error {
	if len(args) != 1 {
		return usagef("export --pin NAME takes one folder")
	}
	p, err := findPin(st, name)
	if err != nil {
		return err
	}
	var parts []artifacts.Tree
	for _, a := range p.Artifacts {
		t, err := st.ReadTree(a.Digest)
		if err != nil {
			return fmt.Errorf("pin %s: the list of the files of %s is lost or damaged: %w", name, a.Name, err)
		}
		if len(p.Artifacts) > 1 {
			t = t.Under(a.Name)
		}
		parts = append(parts, t)
	}
	t, err := artifacts.Union(parts...)
	if err != nil {
		return err
	}
	return exportTree(c, st, t, args[0], force)
}
