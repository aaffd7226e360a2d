package table

// Part is a side of a split.
type Part string

// The parts. An episode that is in none of the first three is Excluded, with
// the reason in its row of the assignment.
const (
	Train      Part = "train"
	Validation Part = "validation"
	Test       Part = "test"
	Excluded   Part = "excluded"
)

// Assignment says which part each usable episode of the index is in.
type Assignment struct {
	Info SplitInfo
	Rows []AssignmentRow // in key order, one for every usable episode
}

// AssignmentRow is one episode of a split, as the file has it.
type AssignmentRow struct {
	Key
	Part    Part   `parquet:"part"`
	Why     string `parquet:"why,optional"` // why it is excluded; "" otherwise, which is null
	Boot    string `parquet:"boot"`         // the VM boot it was recorded in, "<host>/<ordinal>"
	Profile string `parquet:"profile"`
	Sample  string `parquet:"sample"`
}

// Part returns the part of an episode, Excluded if the split does not know it.
func (a *Assignment) Part(k Key) Part {
	lo, hi := 0, len(a.Rows)
	for lo < hi {
		mid := (lo + hi) / 2
		if a.Rows[mid].Compare(k) < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(a.Rows) && a.Rows[lo].Key == k {
		return a.Rows[lo].Part
	}
	return Excluded
}
