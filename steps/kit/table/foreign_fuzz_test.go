package table

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"testing/fstest"
)

// foreignTables are the tables that fuzzing damages, as other tools wrote them.
func foreignTables(t testing.TB) (names []string, files [][]byte) {
	for _, table := range []string{"index", "assignment", "windows", "predictions"} {
		for _, tool := range tools {
			name := fmt.Sprintf("%s-%s.parquet", table, tool)
			b, err := os.ReadFile("testdata/" + name)
			if err != nil {
				t.Fatal(err)
			}
			names, files = append(names, name), append(files, b)
		}
	}
	return names, files
}

// FuzzForeignTables damages a table of another tool: it overwrites some bytes, cuts
// some out and reads what is left as every table. That must neither panic nor take
// much memory, and whatever is read must be whole.
func FuzzForeignTables(f *testing.F) {
	names, files := foreignTables(f)
	for i := range files {
		f.Add(uint8(i), uint32(len(files[i])/2), uint16(0), []byte{0xff})
		f.Add(uint8(i), uint32(len(files[i])-40), uint16(3), []byte{1, 2})
	}
	f.Fuzz(func(t *testing.T, which uint8, at uint32, cut uint16, with []byte) {
		i := int(which) % len(files)
		good := files[i]
		from := int(at) % len(good)
		to := min(from+len(with)+int(cut), len(good))
		bad := bytes.Join([][]byte{good[:from], with, good[to:]}, nil)
		if n := allocated(func() { wholeOrRefused(t, names[i], bad) }); n > 1<<30 {
			t.Fatalf("%s: %d bytes take %d MB", names[i], len(bad), n>>20)
		}
	})
}

func wholeOrRefused(t *testing.T, name string, b []byte) {
	one := fstest.MapFS{"w.parquet": file(b)}
	if w, err := ReadWindows(one); err == nil && (len(w.X) != w.Len()*len(w.Features) || len(w.Center) != w.Len()) {
		t.Fatalf("%s: %d values for %d windows of %d features", name, len(w.X), w.Len(), len(w.Features))
	}
	if v, err := ReadVectors(one); err == nil && len(v.X) != len(v.Episodes)*len(v.Features) {
		t.Fatalf("%s: %d values for %d episodes of %d features", name, len(v.X), len(v.Episodes), len(v.Features))
	}
	if _, err := ReadIndex(one); err != nil && err.Error() == "" {
		t.Fatalf("%s: an error without words", name)
	}
	a, err := ReadAssignment(fstest.MapFS{AssignmentFile: file(b), SplitInfoFile: file([]byte(`{"by":"host"}`))})
	for i := 0; err == nil && i < len(a.Rows); i++ {
		if a.Part(a.Rows[i].Key) != a.Rows[i].Part {
			t.Fatalf("%s: the rows are not in order", name)
		}
	}
	rows, err := ReadPredictions(fstest.MapFS{PredictionsFile: file(b)})
	for i := 0; err == nil && i < len(rows); i++ {
		if err := rows[i].check(); err != nil {
			t.Fatalf("%s: row %d: %v", name, i, err)
		}
	}
}
