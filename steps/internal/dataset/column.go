package dataset

import (
	"errors"
	"fmt"
	"math"
)

// A column says how one named column of a file fills a field of T.
type column[T any] struct {
	name string
	set  func(row *T, c cell) error // not called for nulls; once a value for lists
	null func(row *T)               // called for nulls, if not nil
}

// textColumn fills a string; a null leaves it empty.
func textColumn[T any](name string, t *texter, field func(*T) *string) column[T] {
	return column[T]{name: name, set: func(row *T, c cell) (err error) {
		*field(row), err = c.text(t)
		return err
	}}
}

// listColumn fills a list of strings.
func listColumn[T any](name string, t *texter, field func(*T) *[]string) column[T] {
	return column[T]{name: name, set: func(row *T, c cell) error {
		s, err := c.text(t)
		if list := field(row); len(*list) < maxList {
			*list = append(*list, s)
			return err
		}
		return fmt.Errorf("a list of more than %d", maxList)
	}}
}

// countColumn fills a count.
func countColumn[T any](name string, field func(*T) *int32) column[T] {
	return column[T]{name: name, set: func(row *T, c cell) error {
		n, err := c.integer()
		if err == nil && (n < 0 || n > math.MaxInt32) {
			err = fmt.Errorf("%d is not a count", n)
		}
		*field(row) = int32(n)
		return err
	}}
}

// numberColumn fills a float; a null becomes NaN.
func numberColumn[T any](name string, field func(*T) *float64) column[T] {
	return column[T]{
		name: name,
		null: func(row *T) { *field(row) = math.NaN() },
		set: func(row *T, c cell) (err error) {
			*field(row), err = c.number()
			return err
		},
	}
}

// readAll appends all rows of a part. Columns not asked for are ignored.
func readAll[T any](rows []T, p *part, cols []column[T]) ([]T, error) {
	for g := range p.meta.RowGroups {
		start := len(rows)
		n := int(p.meta.RowGroups[g].NumRows)
		if start+n > maxRows {
			return nil, p.wrap(fmt.Errorf("more than %d rows in the table", maxRows))
		}
		rows = append(rows, make([]T, n)...)
		for _, c := range cols {
			if row, err := readColumn(rows[start:], p, g, c); err != nil {
				return nil, p.wrap(fmt.Errorf("column %s, row %d of group %d: %w", c.name, row, g, err))
			}
		}
	}
	return rows, nil
}

// readColumn reads one column of a row group into the rows; with an error comes
// the row it was met in.
func readColumn[T any](rows []T, p *part, group int, c column[T]) (row int, err error) {
	i, err := p.leaf(c.name)
	if err != nil {
		return 0, err
	}
	row = -1
	err = p.open(group, i).each(func(first, null bool, v cell) error {
		if first {
			row++
		}
		switch {
		case row < 0 || row >= len(rows):
			return errors.New("more values than rows")
		case !null:
			return c.set(&rows[row], v)
		case c.null != nil:
			c.null(&rows[row])
		}
		return nil
	})
	if err == nil && row != len(rows)-1 {
		err = fmt.Errorf("%d values for %d rows", row+1, len(rows))
	}
	return max(row, 0), err
}
