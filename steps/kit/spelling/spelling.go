// Package spelling finds the name that was probably meant. Call [Nearest].
package spelling

// Nearest returns the known name that differs from name in the fewest letters, the first
// of several; "" if none is alike. Three letters, or half of a short name, make it another
// word.
func Nearest(name string, known []string) string {
	nearest, best := "", min(3, len(name)/2+1)
	for _, k := range known {
		if len(k)-len(name) >= best || len(name)-len(k) >= best {
			continue // their lengths alone differ by too much
		}
		if n := distance(name, k); n < best {
			best, nearest = n, k
		}
	}
	return nearest
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
