package files

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"assay/engine/recipe"
)

// A Table reads a column of a file in a format that this package does not know.
type Table struct {
	Ext string // how the names of such files end: ".parquet"
	// Column calls add with the value in each row, until add returns false. file is the content of the file.
	Column func(file []byte, column string, add func(value string) bool) error
}

// lines calls add with the lines of a text, without space around them.
func lines(text []byte, add func(string) bool) {
	for line := range strings.Lines(string(text)) {
		if !add(strings.TrimSpace(line)) {
			return
		}
	}
}

// column calls add with the values in the column of a table.
func (q *Query) column(file string, text []byte, add func(string) bool) error {
	ext := path.Ext(file)
	i := slices.IndexFunc(q.tables, func(t Table) bool { return t.Ext == ext })
	switch {
	case i >= 0:
		return q.tables[i].Column(text, q.name, add)
	case ext == ".csv":
		return csvColumn(text, ',', q.name, add)
	case ext == ".tsv":
		return csvColumn(text, '\t', q.name, add)
	}
	known := []string{".csv", ".tsv"}
	for _, t := range q.tables {
		known = append(known, t.Ext)
	}
	return fmt.Errorf("want a table, a file whose name ends in %s", strings.Join(known, ", "))
}

// csvColumn calls add with the values in a column of a CSV or TSV file with a line of names.
func csvColumn(text []byte, comma rune, name string, add func(string) bool) error {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	r.Comma, r.ReuseRecord = comma, true
	head, err := r.Read()
	if err != nil {
		return fmt.Errorf("the line of names: %w", err)
	}
	at := slices.Index(head, name)
	if at < 0 {
		return fmt.Errorf("no column is named %q (%s)", name, recipe.Suggest(name, head))
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) || err == nil && !add(row[at]) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
