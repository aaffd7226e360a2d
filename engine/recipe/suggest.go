package recipe

import (
	"fmt"
	"strings"
)

// Suggest returns a hint for a name that is not among the known ones: the one
// that was probably meant, else all of them.
func Suggest(got string, known []string) string {
	best, bestDistance := "", 1+max(1, len(got)/3)
	for _, k := range known {
		if d := distance(got, k); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	switch {
	case best != "":
		return fmt.Sprintf("did you mean %q?", best)
	case len(known) == 0:
		return "none is known here"
	case len(known) > 20:
		return fmt.Sprintf("known are %s, … (%d in all)", strings.Join(known[:20], ", "), len(known))
	}
	return "known are " + strings.Join(known, ", ")
}

// distance is the Levenshtein distance of two short words, in bytes. Words
// beyond 100 bytes are nobody's slip of the finger.
func distance(a, b string) int {
	if len(a) > 100 || len(b) > 100 {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
