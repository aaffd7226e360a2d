package main

import (
	"io"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/schema"
	"assay/engine/recipe"
	"assay/engine/step"
	"assay/steps"
)

// newKinds makes the verb kinds.
func newKinds() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "kinds [KIND]",
		Short: "list the kinds of steps, or describe one",
		Long: `kinds lists the kinds of steps, which a recipe names after "uses:". Given a kind, it
describes its inputs, its outputs, and every parameter with its type and default.`,
		Args: atMost(1, "kinds takes one kind, or none to list them all"),
		RunE: func(c *cobra.Command, args []string) error { return showKinds(c.OutOrStdout(), args, asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// showKinds lists the kinds, or describes the one that args names.
func showKinds(out io.Writer, args []string, asJSON bool) error {
	var list []schema.Kind
	for _, k := range steps.All() {
		if len(args) == 0 || args[0] == k.Name {
			list = append(list, schema.Describe(k))
		}
	}
	switch {
	case len(list) == 0:
		names := recipe.NamesOf(steps.All(), func(k *step.Kind) string { return k.Name })
		return usagef("no kind %q (%s)", args[0], recipe.Suggest(args[0], names))
	case asJSON && len(args) == 1:
		return plain.WriteJSON(out, list[0])
	case asJSON:
		return plain.WriteJSON(out, list)
	case len(args) == 1:
		return list[0].Print(out)
	}
	return schema.Print(out, list)
}
