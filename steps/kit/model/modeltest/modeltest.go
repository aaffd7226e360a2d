// Package modeltest helps the tests of models. Call [Save] and [NoAllocs].
package modeltest

import (
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"assay/steps/kit/model"
)

// Save returns the files that a model writes.
func Save(t testing.TB, m model.Saver) fstest.MapFS {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := m.SaveTo(root); err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := fs.ReadFile(root.FS(), e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = &fstest.MapFile{Data: b}
	}
	return files
}

// NoAllocs fails the test if a prediction allocates in steady state. The race detector
// has pools forget at random what they hold, so under it this checks nothing.
func NoAllocs(t *testing.T, predict func()) {
	t.Helper()
	const runs = 20
	if n := testing.AllocsPerRun(runs, predict); n != 0 && !race {
		t.Errorf("a prediction allocates %v times", n)
	}
}
