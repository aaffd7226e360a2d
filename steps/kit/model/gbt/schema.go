package gbt

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"assay/steps/kit/model"
)

// checkSchema refuses what a schema cannot be, or what the file could not carry.
func checkSchema(s model.Schema) error {
	if len(s.Features) == 0 {
		return errors.New("a model needs at least one feature")
	}
	if len(s.Classes) < 2 {
		return fmt.Errorf("a model needs at least two classes, got %d", len(s.Classes))
	}
	for _, list := range [][]string{s.Features, s.Classes} {
		sorted := slices.Sorted(slices.Values(list))
		for i, name := range sorted {
			if name == "" || strings.ContainsAny(name, "[]<,\n") {
				return fmt.Errorf("%q cannot name a feature or class: XGBoost and the schema refuse \"\", '[', ']', "+
					"'<', ',' and line ends", name)
			}
			if i > 0 && sorted[i-1] == name {
				return fmt.Errorf("%q names two columns or two classes", name)
			}
		}
	}
	return nil
}
