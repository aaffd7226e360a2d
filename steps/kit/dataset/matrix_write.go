package dataset

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go/format"
)

// schemaKey is the key of the file's metadata that holds the schema hash.
const schemaKey = "assay.schema"

// A row group ends with so many rows, or when the texts of a column are so long
// in all. More rows would take more memory, fewer a longer footer.
const (
	matrixRows  = 2048
	matrixTexts = 1 << 20 // bytes
)

// A matrixWriter writes a table whose rows are a few columns that say what the
// row is of, and then features. It holds one row group in memory, as the bytes
// that its pages will be.
type matrixWriter struct {
	table, hash string
	file        *matrixFile
	ids         []idColumn
	features    int
	n           int // rows waiting
	x           featurePages
	err         error
}

func newMatrixWriter(w io.Writer, table string, ids []idColumn, features []string, schemaHash string) *matrixWriter {
	m := &matrixWriter{table: table, hash: schemaHash, ids: ids, features: len(features),
		x: featurePages{features: len(features)}}
	if m.err = checkFeatures(features); m.err != nil {
		return m
	}
	columns := make([]matrixColumn, 0, len(ids)+len(features))
	for _, id := range ids {
		columns = append(columns, matrixColumn{id.name, id.kind})
	}
	for _, name := range features {
		columns = append(columns, matrixColumn{name, format.Float})
	}
	m.file, m.err = newMatrixFile(w, columns)
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
	m.x.put(m.n, x)
	m.n++
	full := m.n == matrixRows
	for i := range m.ids {
		full = full || len(m.ids[i].page) >= matrixTexts
	}
	if full {
		return m.flush()
	}
	return nil
}

// flush writes the waiting rows as one row group, column by column.
func (m *matrixWriter) flush() error {
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
	for f := range m.features {
		page := m.x.page(f, m.n)
		if err := m.file.column(len(m.ids)+f, m.n, page, floatBounds(page)); err != nil {
			return err
		}
	}
	m.file.end(m.n)
	m.n = 0
	return nil
}

// close writes what is waiting and the end of the file.
func (m *matrixWriter) close() error {
	if m.err == nil {
		m.err = m.flush()
	}
	if m.err != nil {
		return m.err
	}
	m.err = errors.New("the file of the table is closed")
	return m.file.close(m.table, m.hash)
}
