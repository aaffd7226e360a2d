package receipt

import (
	"os"
	"path/filepath"
	"testing"

	"assay/artifacts/filetest"
	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
)

func TestGenerationIsOfTheFolder(t *testing.T) {
	s, _ := storetest.Open(t)
	actions := filepath.Join(s.Dir(), "actions")
	os.Chtimes(actions, store.Sealed,
		store.Sealed) // no run is so quick that its records are gone in the tick they were made in
	first := Generation(s)
	filetest.WriteFiles(t, s.Dir(), map[string]string{"blobs/x": ""})
	if Generation(s) != first {
		t.Error("another generation for nothing")
	}
	os.RemoveAll(actions)
	if Generation(s) == first {
		t.Error("the folder is gone, and nothing tells")
	}
	os.Mkdir(actions, 0o777)
	if Generation(s) == first {
		t.Error("the folder was made again, and nothing tells")
	}
}
