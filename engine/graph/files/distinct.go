package files

import (
	"maps"
	"slices"
)

// maxRows is how many values an axis may have.
const maxRows = 100_000

// distinct are the different values of a file, without empty ones. It stops soon after there are too many.
type distinct struct {
	seen map[string]bool
	size int // bytes of all
}

// add adds a value. It returns false if no more are wanted.
func (d *distinct) add(v string) bool {
	if d.seen == nil {
		d.seen = map[string]bool{}
	}
	if v != "" && !d.seen[v] {
		d.seen[v] = true
		d.size += len(v)
	}
	return !d.tooMany()
}

func (d *distinct) tooMany() bool { return len(d.seen) > maxRows || d.size > maxData }

// rows returns the values, sorted.
func (d *distinct) rows() [][]string {
	var rows [][]string
	for _, v := range slices.Sorted(maps.Keys(d.seen)) {
		rows = append(rows, []string{v})
	}
	return rows
}

// Sorted returns different rows in their order.
func Sorted(rows [][]string) [][]string {
	slices.SortFunc(rows, slices.Compare)
	return slices.CompactFunc(rows, slices.Equal)
}
