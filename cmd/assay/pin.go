package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/care"
	"assay/artifacts/store"
	"assay/engine/recipe"
)

func newPin() *cobra.Command {
	var o options
	remove := ""
	c := &cobra.Command{
		Use:   "pin [NAME RECIPE NODE[.OUTPUT]] | --remove NAME",
		Short: "keep an artifact by a name",
		Long: `pin keeps what a node has made by a name of your own: no gc removes it, whatever
becomes of the recipe, until the pin is removed. "assay export --pin NAME DIR"
gets it out again. Without arguments it lists the pins.`,
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case remove != "" && len(args) > 0:
				return &usageError{errors.New("--remove takes the name of the pin, and nothing else")}
			case remove != "":
				return o.removePin(c, remove)
			case len(args) == 0:
				return o.listPins(c)
			case len(args) != 3:
				return &usageError{errors.New("pin takes a name, a recipe and a node or output; for example: assay " +
					"pin best recipes/quick.yaml 'gbt[view=oracle].model'")}
			}
			s, err := o.open(c, args[1:])
			if err != nil {
				return err
			}
			defer s.store.Close()
			return s.pin(c, args[0], args[2])
		},
	}
	o.register(c)
	c.Flags().StringVar(&remove, "remove", "", "remove the pin of this `name`")
	return c
}

func (s *session) pin(c *cobra.Command, name, what string) error {
	picked, err := s.pick(c, what)
	if err != nil {
		return err
	}
	p := &care.Pin{Name: name, Recipe: s.file}
	for _, n := range picked {
		for _, port := range n.ports {
			t := n.outcome.Outputs[port]
			if err := s.store.PutTree(t); err != nil { // the union of shards may not be there as a whole
				return err
			}
			p.Artifacts = append(p.Artifacts, artifacts.LockedArtifact{
				Name: n.node.Name() + "." + port, Kind: n.node.Kind.String(), Key: n.outcome.Key, Digest: t.Digest(),
			})
		}
		if len(n.ports) == len(n.node.Outputs) {
			p.Actions = append(p.Actions, n.outcome.Keys()...)
		}
	}
	isNew, err := care.PutPin(s.store, p)
	if err != nil {
		return &usageError{err}
	}
	state := "pinned"
	if !isNew {
		state = "was pinned already"
	}
	for _, a := range p.Artifacts {
		fmt.Fprintf(s.out, "%s %s %s %s\n", name, state, a.Name, a.Digest.Short())
	}
	return nil
}

func (o *options) removePin(c *cobra.Command, name string) error {
	st, err := o.existing(c)
	if err != nil {
		return err
	}
	defer st.Close()
	err = care.RemovePin(st, name)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = findPin(st, name)
	}
	if err != nil {
		return &usageError{err}
	}
	fmt.Fprintf(c.OutOrStdout(), "%s is no longer pinned; what only it kept goes with: assay gc\n", name)
	return nil
}

// findPin returns the pin of a name.
func findPin(st *store.Store, name string) (*care.Pin, error) {
	pins, err := care.Pins(st)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, p := range pins {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		return nil, &usageError{fmt.Errorf("no pin is named %q: there are none", name)}
	}
	return nil, &usageError{fmt.Errorf("no pin is named %q (%s)", name, recipe.Suggest(name, names))}
}

func (o *options) listPins(c *cobra.Command) error {
	st, err := o.existing(c)
	if err != nil {
		return err
	}
	defer st.Close()
	pins, err := care.Pins(st)
	if err != nil {
		return err
	}
	if len(pins) == 0 {
		fmt.Fprintln(c.OutOrStdout(), "nothing is pinned; for example: assay pin best recipes/quick.yaml "+
			"'gbt[view=oracle].model'")
		return nil
	}
	return writePins(c.OutOrStdout(), pins)
}

func writePins(out io.Writer, pins []*care.Pin) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tSINCE\tRECIPE\tARTIFACT\tDIGEST")
	for _, p := range pins {
		for _, a := range p.Artifacts {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.Name, day(p.Since), p.Recipe, a.Name, a.Digest.Short())
		}
	}
	return w.Flush()
}
