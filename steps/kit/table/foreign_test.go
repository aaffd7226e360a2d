package table

import (
	"os"
	"reflect"
	"testing"
	"testing/fstest"
)

// tools are who wrote the foreign files of a table, and how: .ci/foreign-tables.py.
var tools = []string{"pandas", "arrow", "duckdb", "polars", "duckdb2", "delta", "lz4", "odd"}

// The tables of the round trip, read and written again by pandas 3.1, pyarrow 26,
// DuckDB 2.0 and polars 2.1 as these do by default: snappy, dictionaries of floats,
// columns with nulls, pages of both versions, other time units; and with the
// encodings and codecs that they have switches for. The odd ones have structs,
// lists, maps and other columns that nobody asks for.
func TestForeignTables(t *testing.T) {
	rows, _ := sampleAssignment()
	for _, tool := range tools {
		read := func(table string) []byte {
			b, err := os.ReadFile("testdata/" + table + "-" + tool + ".parquet")
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		index, err := ReadIndex(fstest.MapFS{"i.parquet": file(read("index"))})
		if err != nil || !sameEpisodes(index, sampleIndex(13)) {
			t.Errorf("%s: the index is not the same: %v", tool, err)
		}
		a, err := ReadAssignment(fstest.MapFS{
			AssignmentFile: file(read("assignment")), SplitInfoFile: file([]byte(`{"by":"host"}`)),
		})
		info := SplitInfo{By: "host"}
		if err != nil || !reflect.DeepEqual(a, &Assignment{Info: info, Rows: rows}) {
			t.Errorf("%s: the assignment is not the same: %v", tool, err)
		}
		p, err := ReadPredictions(fstest.MapFS{PredictionsFile: file(read("predictions"))})
		if err != nil || !reflect.DeepEqual(p, samplePredictions(20)) {
			t.Errorf("%s: the predictions are not the same: %v", tool, err)
		}
		w, err := ReadWindows(fstest.MapFS{"w.parquet": file(read("windows"))})
		if err != nil {
			t.Errorf("%s: %v", tool, err)
			continue
		}
		if err := sameWindows(whole(featureNames(3), "", sampleBlocks(10, 3)), w); err != nil {
			t.Errorf("%s: %v", tool, err)
		}
	}
}
