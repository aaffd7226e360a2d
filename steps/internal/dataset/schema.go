package dataset

import (
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/format"
)

// A leaf is a column that holds values: a column of the table, or what a list
// in one is made of.
type leaf struct {
	name    string // of the column of the table
	kind    format.Type
	logical format.LogicalTypeValue
	maxRep  int // 1 in a list
	maxDef  int // the definition level of a value that is not null
}

// leavesOf flattens a schema. The tables here have plain columns and lists of
// plain values; other nesting is refused.
func leavesOf(schema []format.SchemaElement) ([]leaf, error) {
	if len(schema) == 0 || len(schema) > 4*maxFeatures {
		return nil, fmt.Errorf("the schema has %d elements", len(schema))
	}
	s := &schemaReader{rest: schema[1:]}
	for range schema[0].NumChildren.V {
		if err := s.column(leaf{}, 1); err != nil {
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
	leaves []leaf
}

func (s *schemaReader) column(l leaf, depth int) error {
	if len(s.rest) == 0 {
		return errors.New("the schema ends too early")
	}
	e := &s.rest[0]
	s.rest = s.rest[1:]
	if depth == 1 {
		l.name = e.Name
	}
	switch e.RepetitionType.V {
	case format.Optional:
		l.maxDef++
	case format.Repeated:
		l.maxDef++
		l.maxRep++
	}
	if e.Type.Valid {
		l.kind, l.logical = e.Type.V, e.LogicalType.Value
		s.leaves = append(s.leaves, l)
		return nil
	}
	// A list is three deep: the list, its repetition, the element.
	if e.NumChildren.V != 1 || depth == 3 {
		return fmt.Errorf("column %q is neither a value nor a list of values", l.name)
	}
	return s.column(l, depth+1)
}
