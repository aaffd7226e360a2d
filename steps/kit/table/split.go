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

// Parts lists the parts in the order in which people read them.
func Parts() []Part { return []Part{Train, Validation, Test, Excluded} }

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
	if i, ok := Find(a.Rows, k); ok {
		return a.Rows[i].Part
	}
	return Excluded
}
