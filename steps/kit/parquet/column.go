package parquet

import (
	"errors"
	"fmt"
	"math"
)

// A Column says how one named column of a file fills a field of T.
type Column[T any] struct {
	name string
	list bool                       // it is a list, otherwise one value a row
	set  func(row *T, c cell) error // not called for nulls; once a value for lists
	null func(row *T)               // called for nulls; a null is an error if this is nil
	hole func(row *T) error         // called for nulls in a list, likewise
}

// fill returns the column of a field that every row needs.
func fill[T, V any](name string, field func(*T) *V, value func(cell) (V, error)) Column[T] {
	return Column[T]{name: name, set: func(row *T, c cell) (err error) {
		*field(row), err = value(c)
		return err
	}}
}

// orElse makes the field optional: a null becomes what is given.
func orElse[T, V any](c Column[T], field func(*T) *V, missing V) Column[T] {
	c.null = func(row *T) { *field(row) = missing }
	return c
}

// TextColumn fills a string that every row needs.
func TextColumn[T any](name string, t *Texter, field func(*T) *string) Column[T] {
	return fill(name, field, func(c cell) (string, error) { return c.text(t) })
}

// OptionalText fills a string that a row may lack; a null leaves it empty.
func OptionalText[T any](name string, t *Texter, field func(*T) *string) Column[T] {
	return orElse(TextColumn(name, t, field), field, "")
}

// ListColumn fills a list of strings. It may be empty, but neither it nor a
// string in it may be null.
func ListColumn[T any](name string, t *Texter, field func(*T) *[]string) Column[T] {
	return Column[T]{name: name, list: true, set: func(row *T, c cell) error {
		s, err := c.text(t)
		if list := field(row); len(*list) < maxList {
			*list = append(*list, s)
			return err
		}
		return fmt.Errorf("a list of more than %d", maxList)
	}}
}

// NumbersColumn fills a list of numbers, which may be empty and not null. A number in it
// that is null or not finite becomes NaN.
func NumbersColumn[T any](name string, field func(*T) *[]float64) Column[T] {
	add := func(row *T, v float64) error {
		list := field(row)
		if len(*list) == maxList {
			return fmt.Errorf("a list of more than %d", maxList)
		}
		*list = append(*list, v)
		return nil
	}
	return Column[T]{
		name: name, list: true,
		set: func(row *T, c cell) error {
			v, err := c.number()
			if math.IsInf(v, 0) {
				v = math.NaN()
			}
			return errors.Join(err, add(row, v))
		},
		hole: func(row *T) error { return add(row, math.NaN()) },
	}
}

// CountColumn fills a count.
func CountColumn[T any](name string, field func(*T) *int32) Column[T] {
	return fill(name, field, cell.count)
}

// NumberColumn fills a number that every row needs.
func NumberColumn[T any](name string, field func(*T) *float64) Column[T] {
	return fill(name, field, func(c cell) (float64, error) {
		v, err := c.number()
		if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
			err = fmt.Errorf("%v where a number is needed", v)
		}
		return v, err
	})
}

// OptionalNumber fills a number that may be unknown: null and NaN become NaN.
func OptionalNumber[T any](name string, field func(*T) *float64) Column[T] {
	return orElse(fill(name, field, func(c cell) (float64, error) {
		v, err := c.number()
		if err == nil && math.IsInf(v, 0) {
			err = fmt.Errorf("%v where a number or nothing is needed", v)
		}
		return v, err
	}), field, math.NaN())
}

// InstantColumn fills a point of time, Unix ns; a null is 0, unknown.
func InstantColumn[T any](name string, field func(*T) *int64) Column[T] {
	return orElse(fill(name, field, cell.instant), field, 0)
}

// FloatColumn fills a number that every row needs and that may be NaN or infinite.
func FloatColumn[T any](name string, field func(*T) *float32) Column[T] {
	return fill(name, field, func(c cell) (float32, error) {
		v, err := c.number()
		return float32(v), err
	})
}

// WordColumn fills the number of a word, such as a class. index is negative for a text
// that is none; what says what the words are.
func WordColumn[T any](name, what string, index func(string) int, t *Texter, field func(*T) *int32) Column[T] {
	return fill(name, field, func(c cell) (int32, error) {
		word, err := c.text(t)
		i := index(word)
		if err == nil && i < 0 {
			err = fmt.Errorf("%.40q is no %s", word, what)
		}
		return int32(i), err
	})
}

// ReadAll appends all rows of a part. Columns not asked for are ignored.
func ReadAll[T any](rows []T, p *File, cols []Column[T]) ([]T, error) {
	before := len(rows)
	leaves := make([]int, len(cols))
	for i, c := range cols {
		var err error
		if leaves[i], err = p.leaf(c.name, c.list); err != nil {
			return nil, p.Wrap(err)
		}
	}
	for g := range p.meta.RowGroups {
		start := len(rows)
		n := int(p.meta.RowGroups[g].NumRows)
		if start+n > maxRows {
			return nil, p.Wrap(fmt.Errorf("more than %d rows in the table", maxRows))
		}
		rows = append(rows, make([]T, n)...)
		for i, c := range cols {
			if row, err := readColumn(rows[start:], p.open(g, leaves[i]), c); err != nil {
				return nil, p.Wrap(fmt.Errorf("%s, column %s: %w", RowName(start-before+row), c.name, err))
			}
		}
	}
	return rows, nil
}

// RowName names a row of a file as pandas, polars and pyarrow count them.
func RowName(i int) string { return fmt.Sprintf("row %d (the first is 0)", i) }

// errNull is the fault of a null in a column that needs a value.
var errNull = errors.New("null where a value is needed")

// readColumn reads one column of a row group into the rows; with an error comes
// the row it was met in.
func readColumn[T any](rows []T, from *chunk, c Column[T]) (row int, err error) {
	row = -1
	err = from.each(func(first bool, is presence, v cell) error {
		if first {
			row++
		}
		if row < 0 || row >= len(rows) {
			return errors.New("more values than rows")
		}
		switch {
		case is == present:
			return c.set(&rows[row], v)
		case is == empty:
			return nil
		case is == absentElement && c.hole != nil:
			return c.hole(&rows[row])
		case c.null == nil || is == absentElement:
			return errNull
		}
		c.null(&rows[row])
		return nil
	})
	if err == nil && row != len(rows)-1 {
		err = fmt.Errorf("%d values for %d rows", row+1, len(rows))
	}
	return max(row, 0), err
}
