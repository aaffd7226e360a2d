package table

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// seedFiles are small good files, ours by table and the foreign ones by name.
func seedFiles(t testing.TB) map[string][]byte {
	rows, _ := sampleAssignment()
	files := map[string][]byte{
		"index":      indexBytes(t, sampleIndex(13)),
		"assignment": assignmentBytes(t, rows),
		"windows":    windowsBytes(t, featureNames(3), "h", sampleBlocks(10, 3)),

		"predictions": predictionsBytes(t, samplePredictions(20)),
	}
	names, err := filepath.Glob("testdata/*.parquet")
	if err != nil || len(names) == 0 {
		t.Fatalf("no foreign files: %v", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = b
	}
	return files
}

func FuzzReadIndex(f *testing.F) {
	fuzz(f, func(t *testing.T, b []byte) error {
		rows, err := ReadIndex(fstest.MapFS{"i.parquet": file(b)})
		if err != nil {
			return nil
		}
		again, err := ReadIndex(fstest.MapFS{"i.parquet": file(indexBytes(t, rows))})
		if err == nil && !sameEpisodes(rows, again) {
			err = fmt.Errorf("what was read comes back different")
		}
		return err
	})
}

func FuzzReadAssignment(f *testing.F) {
	fuzz(f, func(t *testing.T, b []byte) error {
		fsys := fstest.MapFS{AssignmentFile: file(b), SplitInfoFile: file([]byte(`{"by":"host"}`))}
		a, err := ReadAssignment(fsys)
		if err != nil {
			return nil
		}
		fsys[AssignmentFile] = file(assignmentBytes(t, a.Rows))
		_, err = ReadAssignment(fsys)
		return err
	})
}

func FuzzReadWindows(f *testing.F) {
	fuzz(f, func(t *testing.T, b []byte) error {
		w, err := ReadWindows(fstest.MapFS{"w.parquet": file(b)})
		if err == nil && len(w.X) != w.Len()*len(w.Features) {
			return fmt.Errorf("%d values for %d windows of %d features", len(w.X), w.Len(), len(w.Features))
		}
		return nil
	})
}

func fuzz(f *testing.F, read func(*testing.T, []byte) error) {
	for _, b := range seedFiles(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var err error
		if n := allocated(func() { err = read(t, b) }); n > 1<<30 {
			t.Fatalf("%d bytes take %d MB", len(b), n>>20)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
}
