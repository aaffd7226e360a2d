package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/deliver"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
	"assay/engine"
	"assay/engine/graph"
)

func newExport() *cobra.Command {
	var o options
	force, pin := false, ""
	c := &cobra.Command{
		Use:   "export RECIPE NODE[.OUTPUT] DIR | --pin NAME DIR",
		Short: "copy an artifact out of the store",
		Long: `export puts plain copies of an artifact's files into a folder, to be changed or
sent away, and a list of their digests beside it: DIR.SHA256SUMS, which
"(cd DIR && sha256sum -c) < DIR.SHA256SUMS" checks. The folder holds nothing but
the artifact's files, so pandas, pyarrow and polars read a folder of tables as it is.
Of one output, the SHA-256 of that list is the artifact's digest, as the lock has
it; several outputs come in a folder each. Given --pin, it exports what is pinned
by that name, whatever became of the recipe.

Files that are there and differ are not replaced without --force.`,
		RunE: func(c *cobra.Command, args []string) error {
			if pin != "" {
				return o.exportPin(c, pin, args, force)
			}
			if len(args) != 3 {
				return &usageError{errors.New("export takes a recipe, a node or output, and a folder; for example: " +
					"assay export recipes/quick.yaml report.page out")}
			}
			s, err := o.open(c, args)
			if err != nil {
				return err
			}
			defer s.store.Close()
			picked, err := s.pick(c, args[1])
			if err != nil {
				return err
			}
			if len(picked) > 1 {
				return &usageError{fmt.Errorf("%s stands for %d nodes; name one, as '%s'", args[1], len(picked),
					picked[0].node.Name())}
			}
			t, err := picked[0].tree()
			if err != nil {
				return err
			}
			return export(c, s.store, t, args[2], force)
		},
	}
	o.register(c)
	c.Flags().BoolVar(&force, "force", false, "replace files that differ")
	c.Flags().StringVar(&pin, "pin", "", "export what is pinned by this `name`")
	return c
}

func export(c *cobra.Command, st *store.Store, t artifacts.Tree, dir string, force bool) error {
	wrote, err := deliver.Export(c.Context(), st, t, dir, force)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s (%s), %d written; check with: (cd '%s' && sha256sum -c) < '%s'\n",
		dir, plain.Plural(len(t), "file"), wrote, dir, deliver.SumsPath(dir))
	return nil
}

// exportPin exports the artifacts of a pin; several come in a folder each.
func (o *options) exportPin(c *cobra.Command, name string, args []string, force bool) error {
	if len(args) != 1 {
		return &usageError{errors.New("export --pin NAME takes one folder")}
	}
	st, err := o.existing(c)
	if err != nil {
		return err
	}
	defer st.Close()
	p, err := findPin(st, name)
	if err != nil {
		return err
	}
	var parts []artifacts.Tree
	for _, a := range p.Artifacts {
		t, err := st.ReadTree(a.Digest)
		if err != nil {
			return fmt.Errorf("pin %s: %s is no longer whole: %w", name, a.Name, err)
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
	return export(c, st, t, args[0], force)
}

// picked is a node, or one output of it, that is in the store.
type picked struct {
	node    *graph.Node
	outcome *engine.Outcome
	ports   []string
}

// pick finds NODE[.OUTPUT]. An output is of one node; NODE may stand for
// several.
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

// tree returns the artifact; of several, each under the name of its port.
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
