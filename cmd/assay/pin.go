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

// newPin makes the verb pin.
func newPin() *cobra.Command {
	var o options
	remove := ""
	c := &cobra.Command{
		Use:   "pin [NAME RECIPE NODE[.OUTPUT]] | --remove NAME",
		Short: "keep an artifact under a name",
		Long: `pin keeps what a node made under a name of your choice. gc does not remove it, even if
the recipe changes, until you remove the pin. Without arguments pin lists the pins. Copy
what is pinned out of the store with: assay export --pin NAME DIR`,
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case remove != "" && len(args) > 0:
				return usagef("--remove takes the name of the pin, and nothing else")
			case remove != "":
				return o.withStore(c, func(st *store.Store) error { return removePin(c, st, remove) })
			case len(args) == 0:
				return o.withStore(c, func(st *store.Store) error { return listPins(c, st) })
			case len(args) != 3:
				return usagef("pin takes a name, a recipe and a node or output; for example: " + pinExample)
			}
			return o.withSession(c, args[1:], func(s *session) error { return s.pin(c, args[0], args[2]) })
		},
	}
	o.register(c)
	o.registerRemote(c)
	c.Flags().StringVar(&remove, "remove", "", "remove the pin with this `name`")
	return c
}

const pinExample = "assay pin best recipes/quick.yaml 'gbt[view=oracle].model'"

// pin pins NODE[.OUTPUT], and prints what is pinned.
func (s *session) pin(c *cobra.Command, name, what string) error {
	picked, err := s.pick(c, what)
	if err != nil {
		return err
	}
	p := &care.Pin{Name: name, Recipe: s.file}
	for _, n := range picked {
		for _, port := range n.ports {
			t := n.outcome.Outputs[port]
			if err := s.store.PutTree(t); err != nil { // a union of shards may not be stored yet
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

// removePin removes a pin, but not what it kept.
func removePin(c *cobra.Command, st *store.Store, name string) error {
	err := care.RemovePin(st, name)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = findPin(st, name)
	}
	if err != nil {
		return &usageError{err}
	}
	fmt.Fprintf(c.OutOrStdout(), "%s is no longer pinned; assay gc may now remove what only it kept\n", name)
	return nil
}

// findPin returns the pin with a name.
func findPin(st *store.Store, name string) (*care.Pin, error) {
	pins, err := care.Pins(st)
	if err != nil {
		return nil, err
	}
	for _, p := range pins {
		if p.Name == name {
			return p, nil
		}
	}
	if len(pins) == 0 {
		return nil, usagef("no pin is named %q: there are none", name)
	}
	names := recipe.NamesOf(pins, func(p *care.Pin) string { return p.Name })
	return nil, usagef("no pin is named %q (%s)", name, recipe.Suggest(name, names))
}

// listPins prints the pins, or how to make one.
func listPins(c *cobra.Command, st *store.Store) error {
	pins, err := care.Pins(st)
	if err != nil {
		return err
	}
	if len(pins) == 0 {
		fmt.Fprintln(c.OutOrStdout(), "nothing is pinned; for example: "+pinExample)
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
