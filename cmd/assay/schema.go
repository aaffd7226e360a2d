package main

import (
	"errors"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/schema"
	"assay/steps"
)

// schemaFile is where the schema lies beside recipes, and their first line,
// which tells editors that understand YAML's language server.
const (
	schemaFile = "recipe.schema.json"
	schemaLine = "# yaml-language-server: $schema=" + schemaFile
)

func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "write the JSON Schema of recipes",
		Long: `schema writes the JSON Schema (2020-12) of recipes, with the inputs and parameters
of every kind. An editor that knows it completes and checks recipes that have
this as their first line, and the schema in a file beside them:

  ` + schemaLine,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &usageError{errors.New("schema takes nothing; for one kind see: assay kinds KIND")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			return plain.WriteJSON(c.OutOrStdout(), schema.Recipe(steps.All()))
		},
	}
}
