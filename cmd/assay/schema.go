package main

import (
	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/schema"
	"assay/steps"
)

// The schema lies in schemaFile beside recipes. Recipes name it in their first line,
// schemaLine, for editors that understand the YAML language server.
const (
	schemaFile = "recipe.schema.json"
	schemaLine = "# yaml-language-server: $schema=" + schemaFile
)

// newSchema makes the verb schema.
func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "write the JSON Schema of recipes",
		Long: `schema writes the JSON Schema (2020-12) of recipes, with the inputs and parameters of
every kind. Editors use it to complete and check a recipe if the schema is in a file
beside it and the recipe has this first line:

  ` + schemaLine,
		Args: atMost(0, "schema takes no arguments; for one kind see: assay kinds KIND"),
		RunE: func(c *cobra.Command, _ []string) error {
			return plain.WriteJSON(c.OutOrStdout(), schema.Recipe(steps.All()))
		},
	}
}
