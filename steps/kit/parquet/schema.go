package parquet

import (
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// maxNesting is the depth of the deepest schema that is walked.
const maxNesting = 64

// A shape says how the values of a leaf belong to rows.
type shape uint8

const (
	single shape = iota // one value or null in each row
	list                // a list of values in each row
	nested              // in a struct, a map or a list of those: never read here
)

func (s shape) String() string {
	return [...]string{"a value in each row", "a list of values", "a struct, a map or a list of those"}[s]
}

// A Leaf is a column that holds values: a column of the table, or what a list
// in one is made of.
type Leaf struct {
	Name   string // of the column of the table
	Column int    // its number among the columns of the table
	shape  shape
	kind   format.Type
	width  int // bytes of a value of fixed length
	sense  sense
	maxRep int // 1 in a list
	maxDef int // the definition level of a value that is not null
	bare   int // of a list: the definition level at which the list is there and empty
}

// Numbers reports whether rows have a number each, or nothing.
func (l *Leaf) Numbers() bool { return l.shape == single && (l.numeric() || l.sense.of == meansNull) }

// Fractions reports whether the numbers may have fractions, or there are none at all.
func (l *Leaf) Fractions() bool {
	return l.kind == format.Float || l.kind == format.Double || l.sense.of == meansHalf || l.sense.of == meansNull
}

// TypeName is what the values are, for people.
func (l *Leaf) TypeName() string { return l.sense.name }

// String is TypeName and how the values belong to rows.
func (l *Leaf) String() string { return fmt.Sprintf("%s (%s)", l.sense.name, l.shape) }

// leavesOf flattens a schema. Columns that are neither values nor lists of values
// are there as [nested] leaves, so that a table may have them if nobody asks.
func leavesOf(schema []format.SchemaElement) ([]Leaf, error) {
	if len(schema) == 0 || len(schema) > 4*MaxFeatures {
		return nil, fmt.Errorf("the schema has %d elements", len(schema))
	}
	s := &schemaReader{rest: schema[1:]}
	for i := range schema[0].NumChildren.V {
		if err := s.element(nil, int(i)); err != nil {
			return nil, err
		}
	}
	if len(s.rest) != 0 {
		return nil, errors.New("the schema has elements that belong nowhere")
	}
	return s.leaves, nil
}

type schemaReader struct {
	rest   []format.SchemaElement
	leaves []Leaf
}

// element reads the next element, which lies below those of path, and all below
// it.
func (s *schemaReader) element(path []*format.SchemaElement, column int) error {
	if len(s.rest) == 0 {
		return errors.New("the schema ends too early")
	}
	if len(path) == maxNesting {
		return fmt.Errorf("column %q is nested more than %d deep", path[0].Name, maxNesting)
	}
	e := &s.rest[0]
	s.rest = s.rest[1:]
	path = append(path, e)
	if e.Type.Valid {
		s.leaves = append(s.leaves, leafOf(path, column))
		return nil
	}
	for range e.NumChildren.V {
		if err := s.element(path, column); err != nil {
			return err
		}
	}
	return nil
}

// leafOf describes the value at the end of a path.
func leafOf(path []*format.SchemaElement, column int) Leaf {
	e := path[len(path)-1]
	l := Leaf{
		Name: path[0].Name, Column: column, shape: shapeOf(path),
		kind: e.Type.V, width: int(e.TypeLength.V), sense: senseOf(e),
	}
	for _, e := range path {
		switch e.RepetitionType.V {
		case format.Optional:
			l.maxDef++
		case format.Repeated:
			l.bare = l.maxDef
			l.maxDef++
			l.maxRep++
		}
	}
	return l
}

// shapeOf tells values, lists of values and the rest apart. A list is three deep:
// the list, its repetition, the element. Old writers leave out the first or the
// last of these.
func shapeOf(path []*format.SchemaElement) shape {
	repeated := func(i int) bool { return path[i].RepetitionType.V == format.Repeated }
	switch {
	case len(path) == 1 && !repeated(0):
		return single
	case len(path) == 1,
		len(path) == 2 && isList(path[0]) && !repeated(0) && repeated(1),
		len(path) == 3 && isList(path[0]) && !repeated(0) && repeated(1) && path[1].NumChildren.V == 1 && !repeated(2):
		return list
	}
	return nested
}

// isList reports whether a group says of itself that it is a list.
func isList(e *format.SchemaElement) bool {
	_, is := e.LogicalType.Value.(*format.ListType)
	old := e.ConvertedType.Valid && e.ConvertedType.V == deprecated.List
	return e.NumChildren.V == 1 && (is || old)
}
