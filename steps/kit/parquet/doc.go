// Package parquet reads flat Parquet files of anybody, and writes those of a struct. It
// knows no table.
//
// Call [OpenAll] or [Open], then [ReadAll] with a [Column] for each field that is to be
// filled; [File.ReadFloats] reads a column into a matrix, and [Write] writes rows with
// parquet-go. Read files.go first, then column.go, pages.go, values.go and sense.go;
// limits.go has the bounds.
//
// Below the footer the reading is our own, for the encodings that pandas, pyarrow, polars and
// DuckDB write by default: a file is anybody's, and the library's decoders take memory for
// whatever a page claims.
package parquet
