package exec

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var nameForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// checkNames refuses names that cannot be those of a folder, port or variable, and
// duplicates.
func checkNames(what string, names []string) error {
	for i, n := range names {
		if !nameForm.MatchString(n) {
			return fmt.Errorf("%s: %q is not a name; use letters, digits, _ and -, beginning with a letter", what, n)
		}
		if slices.Contains(names[:i], n) {
			return fmt.Errorf("%s: %q is listed twice", what, n)
		}
	}
	return nil
}

// cutEnv cuts "NAME=value".
func cutEnv(e string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(e, "=")
	return name, value, ok && checkNames("env", []string{name}) == nil
}
