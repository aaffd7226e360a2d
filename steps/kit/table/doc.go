// Package table holds the tables that travel between kinds, and their files.
//
// Five tables, each of Parquet files (zstd) that DuckDB, pandas and pyarrow open as they
// are, some of them in several parts under sub-folders: the validation index ([ReadIndex],
// one row per episode), the windows ([ReadWindows], one row per window), the vectors
// ([ReadVectors], one row per episode), the assignment of a split ([ReadAssignment], one
// row per episode) and the predictions of a model ([ReadPredictions], one row per window).
// Rows are always in the order of host, episode and time, whatever the number of parts, so
// that whoever reads them computes the same bytes. The same rows make the same file on any
// machine.
//
// Read index.go, windows.go, split.go and leaks.go first: they are the types. Call
// [WriteIndex], [NewWindowsWriter], [NewVectorsWriter], [WriteAssignment],
// [WritePredictions] and the readers above. Package parquet reads the files and writes
// those of few columns; package matrix writes windows and vectors.
package table
