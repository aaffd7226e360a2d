package table

import (
	"bytes"
	"io"
	"math"
	"testing"

	lib "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"assay/steps/kit/matrix"
)

// TestMatrixLibrary reads a table of several row groups with parquet-go, which
// takes every checksum and offset as it is said.
func TestMatrixLibrary(t *testing.T) {
	names := featureNames(6)
	blocks := sampleBlocks(2000, 6)
	want := whole(names, "hash", blocks)
	b := windowsBytes(t, names, "hash", blocks)
	f, err := lib.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if hash, _ := f.Lookup(schemaKey); hash != "hash" || f.NumRows() != int64(want.Len()) || len(f.RowGroups()) != 1+(want.Len()-1)/matrix.GroupRows {
		t.Fatalf("hash %q, %d rows in %d groups, want %d rows", hash, f.NumRows(), len(f.RowGroups()), want.Len())
	}
	row := 0
	for _, g := range f.RowGroups() {
		centers := values(t, g.ColumnChunks()[4])
		for i := range centers {
			if centers[i].Double() != want.Center[row+i] {
				t.Fatalf("the centre of row %d is %v, want %v", row+i, centers[i], want.Center[row+i])
			}
		}
		for i, v := range values(t, g.ColumnChunks()[1]) {
			if got := string(v.ByteArray()); got != want.Episodes[want.Episode[row+i]].Key.Episode {
				t.Fatalf("row %d is of episode %s", row+i, got)
			}
		}
		for c := range names {
			for i, v := range values(t, g.ColumnChunks()[len(idColumns)+c]) {
				if x := want.Row(row + i)[c]; math.Float32bits(v.Float()) != math.Float32bits(x) {
					t.Fatalf("row %d, %s: %v, want %v", row+i, names[c], v, x)
				}
			}
		}
		row += len(centers)
	}
}

// TestMatrixSchema: the columns are as the library would have them.
func TestMatrixSchema(t *testing.T) {
	b := windowsBytes(t, []string{"z", "a"}, "", sampleBlocks(1, 2))
	f, err := lib.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	const want = `message windows {
	required binary host_id (STRING);
	required binary episode_id (STRING);
	required binary profile (STRING);
	required binary sample (STRING);
	required double t_center_s;
	required binary phase (STRING);
	required float z;
	required float a;
}`
	if got := f.Schema().String(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// values reads a column of a row group with the library.
func values(t *testing.T, c lib.ColumnChunk) []lib.Value {
	t.Helper()
	pages := c.Pages()
	defer pages.Close()
	page, err := pages.ReadPage()
	if err != nil {
		t.Fatal(err)
	}
	list := make([]lib.Value, page.NumValues())
	if n, err := page.Values().ReadValues(list); n != len(list) || err != nil && err != io.EOF {
		t.Fatalf("%d of %d values: %v", n, len(list), err)
	}
	for i := range list {
		list[i] = list[i].Clone()
	}
	if _, err := pages.ReadPage(); err != io.EOF {
		t.Fatalf("after the one page: %v", err)
	}
	return list
}

func footer(t *testing.T, b []byte) *format.FileMetaData {
	t.Helper()
	f, err := lib.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return f.Metadata()
}
