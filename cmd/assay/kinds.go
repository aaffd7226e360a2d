package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/schema"
	"assay/engine/recipe"
	"assay/steps"
)

func newKinds() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "kinds [KIND]",
		Short: "list the kinds of steps, or describe one",
		Long: `kinds lists what a step may say after "uses:". Given a kind, it describes it: what
comes in and goes out, and every parameter with its type and default.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return &usageError{errors.New("kinds takes one kind, or none to list them all")}
			}
			var list []schema.Kind
			var names []string
			for _, k := range steps.All() {
				names = append(names, k.Name)
				if len(args) == 0 || args[0] == k.Name {
					list = append(list, schema.Describe(k))
				}
			}
			if len(list) == 0 {
				return &usageError{fmt.Errorf("no kind %q (%s)", args[0], recipe.Suggest(args[0], names))}
			}
			out := c.OutOrStdout()
			switch {
			case asJSON && len(args) == 1:
				return plain.WriteJSON(out, list[0])
			case asJSON:
				return plain.WriteJSON(out, list)
			case len(args) == 1:
				return list[0].Print(out)
			}
			return schema.Print(out, list)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}
