package split

import (
	"fmt"
	"slices"
	"strings"
)

// unknown is the error for a name that does not exist, with the one that was probably
// meant.
func unknown(what, name string, known []string) error {
	hint := "."
	best := min(3, len(name)/2+1) // more changes make it another word
	for _, k := range known {
		if n := distance(name, k); n < best {
			best, hint = n, fmt.Sprintf("; did you mean %s?", k)
		}
	}
	return fmt.Errorf("hold: there is no %s %s among the usable episodes%s There are: %s",
		what, name, hint, strings.Join(known, ", "))
}

// distance is the number of letters to change to turn one name into the other.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := last
			if a[i] != b[j] {
				next = 1 + min(last, row[j], row[j+1])
			}
			last, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}

// sortedSet returns the distinct names in order.
func sortedSet(names []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(names)))
}
