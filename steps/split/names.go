package split

import (
	"fmt"
	"slices"
	"strings"

	"assay/steps/kit/spelling"
)

// unknown is the error for a name that does not exist, with the one that was probably
// meant.
func unknown(what, name string, known []string) error {
	hint := "."
	if near := spelling.Nearest(name, known); near != "" {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	return fmt.Errorf("hold: there is no %s %s among the usable episodes%s There are: %s",
		what, name, hint, strings.Join(known, ", "))
}

// sortedSet returns the distinct names in order.
func sortedSet(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}
