package dataset

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// schemaKey is the key of the file's metadata that holds the schema hash.
const schemaKey = "assay.schema"

// A matrixWriter writes a table whose rows are a few columns that say what the
// row is of, and then features. It holds one row group in memory.
type matrixWriter struct {
	out      *parquet.GenericWriter[any]
	ids      []idColumn
	features int
	n        int       // rows waiting
	x        []float32 // row-major
	cells    []parquet.Value
	err      error
}

// An idColumn holds the waiting values of a column before the features.
type idColumn struct {
	name    string
	texts   []string
	numbers []float64 // in place of texts where the column is one of doubles
	number  bool
}

func newMatrixWriter(w io.Writer, table string, ids []idColumn, features []string, schemaHash string) *matrixWriter {
	m := &matrixWriter{ids: ids, features: len(features)}
	if m.err = checkFeatures(features); m.err != nil {
		return m
	}
	defer recovered(&m.err)
	m.out = parquet.NewGenericWriter[any](w, writerOptions(
		matrixSchema(table, ids, features), parquet.KeyValueMetadata(schemaKey, schemaHash))...)
	return m
}

// checkFeatures refuses names that would not come back as they are.
func checkFeatures(features []string) error {
	if len(features) > maxFeatures {
		return fmt.Errorf("%d features are more than %d", len(features), maxFeatures)
	}
	sorted := slices.Sorted(slices.Values(features))
	for i, f := range sorted {
		if f == "" || f != text(f) || slices.Contains(idColumns[:], f) || i > 0 && f == sorted[i-1] {
			return fmt.Errorf("the feature name %q is empty, taken, there twice or not UTF-8", f)
		}
	}
	return nil
}

// row adds the features of one row, whose ids are there already.
func (m *matrixWriter) row(x []float32) error {
	m.x = append(m.x, x...)
	if m.n++; m.n == groupRows {
		return m.flush()
	}
	return nil
}

// flush writes the waiting rows as one row group, column by column.
func (m *matrixWriter) flush() (err error) {
	defer recovered(&err)
	if m.n == 0 {
		return nil
	}
	for c := range m.ids {
		id := &m.ids[c]
		value := func(i int) parquet.Value { return parquet.ByteArrayValue([]byte(id.texts[i])) }
		if id.number {
			value = func(i int) parquet.Value { return parquet.DoubleValue(id.numbers[i]) }
		}
		if err := m.column(c, value); err != nil {
			return err
		}
		id.texts, id.numbers = id.texts[:0], id.numbers[:0]
	}
	for f := range m.features {
		err := m.column(len(m.ids)+f, func(i int) parquet.Value { return parquet.FloatValue(canonical(m.x[i*m.features+f])) })
		if err != nil {
			return err
		}
	}
	m.x, m.n = m.x[:0], 0
	return m.out.Flush()
}

// column writes one column of the row group.
func (m *matrixWriter) column(c int, cell func(i int) parquet.Value) error {
	m.cells = m.cells[:0]
	for i := range m.n {
		m.cells = append(m.cells, cell(i).Level(0, 0, c))
	}
	_, err := m.out.ColumnWriters()[c].WriteRowValues(m.cells)
	return err
}

// close writes what is waiting and the end of the file.
func (m *matrixWriter) close() (err error) {
	defer recovered(&err)
	if m.err == nil {
		m.err = m.flush()
	}
	if m.err != nil {
		return m.err
	}
	m.err = errors.New("the file of the table is closed")
	return m.out.Close()
}

// canonical gives every NaN the same bits: which ones arithmetic leaves depends
// on the processor.
func canonical(v float32) float32 {
	if v != v {
		return math.Float32frombits(0x7fc00000)
	}
	return v
}
