// Package matrix writes Parquet files of a few columns that say what a row is of, and of
// hundreds of columns of floats behind them.
//
// Call [New] with a [Layout], then for each row [Writer.Text] and [Writer.Double] for its
// IDs and [Writer.Row] for its floats, and [Writer.Close]. Read this file first; file.go is
// the format, thrift.go the encoding of what the file says of itself.
//
// It stands beside parquet-go, which writes the other tables, because of what was measured
// over the corpus (265 episodes, 2,063 windows of 230 features): parquet-go takes 77 ms for
// the windows and 15 ms for the vectors where this writer takes 20 and 4, which makes a run of
// features (0.54 s) 13 % longer, and it allocates twice the memory. Its files are other bytes
// as well.
package matrix

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go/format"

	"assay/steps/kit/parquet"
)

// A Layout says what a file is to be.
type Layout struct {
	Table      string   // the name of its schema
	IDs        []Column // before the features
	Reserved   []string // names that no feature may have
	Features   []string
	Key, Value string // an entry of the file's own metadata
}

// The kinds of IDs.
const (
	Text   = format.ByteArray
	Double = format.Double
)

// A Column is what the file says of a column.
type Column struct {
	Name string
	Kind format.Type // of an ID: Text or Double
}

// A row group ends with so many rows, or when the texts of a column are so long
// in all. More rows would take more memory, fewer a longer footer.
const (
	GroupRows  = 2048
	groupTexts = 1 << 20 // bytes
)

// A Writer writes a table whose rows are a few columns that say what the row is
// of, its IDs, and then features. It holds one row group in memory, as the bytes that its
// pages will be. The first error stays.
type Writer struct {
	layout Layout
	file   *file
	ids    []idColumn
	n      int // rows waiting
	x      featurePages
	err    error
}

// New starts a file. A mistake in the names is returned by the first call
// that follows.
func New(w io.Writer, l Layout) *Writer {
	m := &Writer{layout: l, x: featurePages{features: len(l.Features)}}
	if m.err = l.check(); m.err != nil {
		return m
	}
	columns := slices.Clone(l.IDs)
	for _, id := range l.IDs {
		m.ids = append(m.ids, idColumn{Column: id})
	}
	for _, name := range l.Features {
		columns = append(columns, Column{name, format.Float})
	}
	m.file, m.err = newFile(w, columns)
	return m
}

// check refuses names that would not come back as they are.
func (l *Layout) check() error {
	if len(l.Features) > parquet.MaxFeatures {
		return fmt.Errorf("%d features are more than %d", len(l.Features), parquet.MaxFeatures)
	}
	sorted := slices.Sorted(slices.Values(l.Features))
	for i, f := range sorted {
		if f == "" || !utf8.ValidString(f) || slices.Contains(l.Reserved, f) || i > 0 && f == sorted[i-1] {
			return fmt.Errorf("the feature name %q is empty, taken, there twice or not UTF-8", f)
		}
	}
	return nil
}

// Do does something that adds rows, unless something failed before, and remembers its
// error.
func (m *Writer) Do(add func() error) error {
	if m.err == nil {
		m.err = add()
	}
	return m.err
}

// Text gives the row under way its value in column i of the IDs.
func (m *Writer) Text(i int, s string) { m.ids[i].text(s) }

// Double is text for a finite number.
func (m *Writer) Double(i int, v float64) { m.ids[i].double(v) }

// Row ends the row under way, whose IDs are there, with its features.
func (m *Writer) Row(x []float32) error {
	m.x.put(m.n, x)
	m.n++
	full := m.n == GroupRows
	for i := range m.ids {
		full = full || len(m.ids[i].page) >= groupTexts
	}
	if full {
		return m.flush()
	}
	return nil
}

// flush writes the waiting rows as one row group, column by column.
func (m *Writer) flush() error {
	if m.n == 0 {
		return nil
	}
	m.file.begin()
	for c := range m.ids {
		id := &m.ids[c]
		if err := m.file.column(c, m.n, id.page, id.bounds()); err != nil {
			return err
		}
		id.page = id.page[:0]
	}
	for f := range m.layout.Features {
		page := m.x.page(f, m.n)
		if err := m.file.column(len(m.ids)+f, m.n, page, floatBounds(page)); err != nil {
			return err
		}
	}
	m.file.end(m.n)
	m.n = 0
	return nil
}

// Close writes what is waiting and the end of the file. It does not close the writer
// below.
func (m *Writer) Close() error {
	if m.err == nil {
		m.err = m.flush()
	}
	if m.err != nil {
		return m.err
	}
	m.err = errors.New("the file of the table is closed")
	return m.file.close(&m.layout)
}
