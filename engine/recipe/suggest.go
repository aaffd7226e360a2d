package recipe

import (
	"fmt"
	"strings"
)

// Suggest returns a hint for an unknown name: the known one that was probably meant, or
// else all of them.
func Suggest(got string, known []string) string {
	best := Nearest(got, known)
	switch {
	case best != "":
		return fmt.Sprintf("did you mean %q?", best)
	case len(known) == 0:
		return "there are none"
	case len(known) > 20:
		return fmt.Sprintf("known: %s, … (%d in all)", strings.Join(known[:20], ", "), len(known))
	}
	return "known: " + strings.Join(known, ", ")
}

// NamesOf returns the names of the items of a list.
func NamesOf[T any](list []T, name func(T) string) []string {
	names := make([]string, len(list))
	for i, item := range list {
		names[i] = name(item)
	}
	return names
}

// Nearest returns the known name that was probably meant, or "".
func Nearest(got string, known []string) string {
	best, bestDistance := "", min(1+max(1, len(got)/3), len(got)) // one letter in common is not enough
	for _, k := range known {
		if d := distance(got, k); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}

// distance is the number of typing mistakes between a and b: letters added, left out,
// replaced, or two neighbours swapped (optimal string alignment, in bytes). Words beyond
// 100 bytes are never taken for misspellings.
func distance(a, b string) int {
	if len(a) > 100 || len(b) > 100 {
		return max(len(a), len(b))
	}
	var before []int // the row before the row above
	above, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			replaced := above[j]
			if a[i] != b[j] {
				replaced++
			}
			row[j+1] = min(replaced, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, make([]int, len(b)+1)
	}
	return above[len(b)]
}
