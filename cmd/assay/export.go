package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/deliver"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
	"assay/engine"
	"assay/engine/graph"
)

// newExport makes the verb export.
func newExport() *cobra.Command {
	var o options
	force, pin := false, ""
	c := &cobra.Command{
		Use:   "export RECIPE NODE[.OUTPUT] DIR | --pin NAME DIR",
		Short: "copy an artifact out of the store",
		Long: `export copies the files of an artifact into a folder, as plain files that you may
change or send away, and writes a list of their digests beside it, DIR.SHA256SUMS. Check
them with: (cd DIR && sha256sum -c) < DIR.SHA256SUMS

The folder holds only the artifact's files, so pandas, pyarrow and polars can read a
folder of tables directly. For one output, the SHA-256 of the list is the digest that the
lock has; several outputs get a folder each. With --pin, export copies what is pinned by
that name, even if the recipe has changed since or is gone.

Files that are there and differ are not replaced without --force.`,
		RunE: func(c *cobra.Command, args []string) error {
			if pin != "" {
				return o.withStore(c, func(st *store.Store) error { return exportPin(c, st, pin, args, force) })
			}
			if len(args) != 3 {
				return usagef("export takes a recipe, a node or output, and a folder; for example: " +
					"assay export recipes/quick.yaml report.page out")
			}
			return o.withSession(c, args, func(s *session) error { return s.export(c, args[1], args[2], force) })
		},
	}
	o.register(c)
	c.Flags().BoolVar(&force, "force", false, "replace files that differ")
	c.Flags().StringVar(&pin, "pin", "", "export what is pinned by this `name`")
	return c
}

// export exports NODE[.OUTPUT].
func (s *session) export(c *cobra.Command, what, dir string, force bool) error {
	picked, err := s.pick(c, what)
	if err != nil {
		return err
	}
	if len(picked) > 1 {
		return usagef("%s matches %d nodes; name one, such as '%s'", what, len(picked), picked[0].node.Name())
	}
	t, err := picked[0].tree()
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

// picked is a node whose results are in the store, and all its outputs or one of them.
type picked struct {
	node    *graph.Node
	outcome *engine.Outcome
	ports   []string
}

// pick finds NODE[.OUTPUT]. NODE may match several nodes.
func (s *session) pick(c *cobra.Command, what string) ([]picked, error) {
	rs, _, err := s.engine().Inspect(c.Context(), s.graph)
	if err != nil {
		return nil, err
	}
	name, port := splitTarget(what)
	found, err := s.graph.Find(name)
	if err != nil {
		return nil, &usageError{err}
	}
	var out []picked
	for _, n := range found {
		made, err := s.made(rs, n)
		if err != nil {
			return nil, err
		}
		p := picked{node: n, outcome: made}
		for _, o := range n.Outputs {
			if port == "" || o.Name == port {
				p.ports = append(p.ports, o.Name)
			}
		}
		if len(p.ports) == 0 {
			_, err := s.output(n, p.outcome, port)
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// tree returns the artifact; if there are several, each below the name of its port.
func (p picked) tree() (artifacts.Tree, error) {
	if len(p.ports) == 1 {
		return p.outcome.Outputs[p.ports[0]], nil
	}
	var parts []artifacts.Tree
	for _, port := range p.ports {
		parts = append(parts, p.outcome.Outputs[port].Under(port))
	}
	return artifacts.Union(parts...)
}
