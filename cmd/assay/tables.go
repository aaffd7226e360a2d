package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"assay/engine/graph/files"
	"assay/engine/recipe"
	"assay/steps/kit/parquet"
)

// tables returns the formats of tables that axes may take their values from besides CSV and TSV.
func tables() []files.Table { return []files.Table{{Ext: ".parquet", Column: parquetColumn}} }

// parquetColumn calls add with the values in a column of a Parquet file.
func parquetColumn(file []byte, column string, add func(string) bool) error {
	p, err := parquet.Open(oneFile(file), tableName)
	if err != nil {
		return err
	}
	defer p.Close()
	names := recipe.NamesOf(p.Leaves, func(l parquet.Leaf) string { return l.Name })
	if !slices.Contains(names, column) {
		return fmt.Errorf("no column is named %q (%s)", column, recipe.Suggest(column, names))
	}
	return parquet.EachWord(p, column, add)
}

// oneFile is a file system with one file in memory, of any name.
type oneFile []byte

const tableName = "table.parquet"

// Open implements fs.FS.
func (b oneFile) Open(string) (fs.File, error) {
	return openFile{bytes.NewReader(b)}, nil
}

// openFile is the file, opened, and what is known of it. Its methods implement fs.File and fs.FileInfo.
type openFile struct{ *bytes.Reader }

// Stat returns the file itself.
func (f openFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f openFile) Close() error               { return nil }
func (f openFile) Name() string               { return tableName }
func (f openFile) Mode() fs.FileMode          { return 0o444 }
func (f openFile) ModTime() time.Time         { return time.Time{} }
func (f openFile) IsDir() bool                { return false }
func (f openFile) Sys() any                   { return nil }
