package parquet

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// GroupRows is the number of rows of a row group in every file that the library
// writes.
const GroupRows = 8192

// writerOptions fix everything that would otherwise come from the build or the
// machine, so that the same rows are the same bytes everywhere. For that reason
// no column has a dictionary: parquet-go cuts the runs of a dictionary's numbers
// at other places with AVX2 than without, and on amd64 than on arm64. Zstandard
// makes up for most of the size.
func writerOptions() []parquet.WriterOption {
	return []parquet.WriterOption{
		parquet.CreatedBy("assay", "1", "0"),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault, Concurrency: 1}),
		parquet.MaxRowsPerRowGroup(GroupRows),
		parquet.DefaultEncodingFor(parquet.ByteArray, &parquet.Plain), // what every tool reads
	}
}

// Write writes rows of a struct with parquet tags; columns are in the order of
// its fields. The name is that of the file's schema, which would else be that of the
// struct.
func Write[T any](w io.Writer, name string, rows []T) (err error) {
	defer recovered(&err)
	schema := parquet.NewSchema(name, parquet.SchemaOf(new(T)))
	t := parquet.NewGenericWriter[T](w, append(writerOptions(), schema)...)
	if _, err := t.Write(rows); err != nil {
		return errors.Join(err, t.Close())
	}
	return t.Close()
}

// recovered turns a panic of the Parquet library into an error. Deferred at
// every place where a file's bytes reach the library.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the Parquet data make no sense: %v", p)
	}
}
