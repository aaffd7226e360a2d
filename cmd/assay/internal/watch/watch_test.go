package watch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRootTakes(t *testing.T) {
	at := filepath.FromSlash
	w := Root{Name: "src", Path: at("/p/src"), Skip: []string{at("/p/src/.assay"), at("/p/src/out")}}
	for path, want := range map[string]bool{
		"/p/src": true, "/p/src/a/b": true, "/p/src/outer": true, "/p/src/out": false, "/p/src/out/x": false,
		"/p/src/.assay/tmp": false, "/p/srcs": false, "/p": false,
	} {
		if w.takes(at(path)) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
}

func TestDiffering(t *testing.T) {
	now := time.Now()
	a := map[string]stamp{"same": {1, now}, "gone": {1, now}, "longer": {1, now}, "later": {1, now}}
	b := map[string]stamp{"same": {1, now}, "new": {1, now}, "longer": {2, now}, "later": {1, now.Add(1)}}
	if got := strings.Join(differing(a, b), " "); got != "gone later longer new" {
		t.Error(got)
	}
}

// TestPolling finds a change without the help of the system.
func TestPolling(t *testing.T) {
	dir := t.TempDir()
	w := New([]Root{{Name: "d", Path: dir}})
	w.Close()
	w.notify = nil
	if err := os.WriteFile(filepath.Join(dir, "x"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if got := w.Wait(t.Context()); len(got) != 1 || !strings.Contains(w.String(), "checked every") {
		t.Errorf("%v, %s", got, w)
	}
}
