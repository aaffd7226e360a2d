package journal

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"assay/engine/event"
)

func TestMade(t *testing.T) {
	dir := t.TempDir()
	want := &Made{Lock: []byte("assay lock 1\n"), Unmade: []string{"b"}, Settings: json.RawMessage(`[{"path":"a"}]`)}
	r := NewRecorder(dir, Run{Verb: "run"}, false, func(err error) { t.Error(err) })
	r.Keep(want) // nothing ran: there is no journal to keep it in
	r.Observe(event.Event{What: event.Running, Node: "a"})
	if run, err := Find(dir, "last"); err != nil {
		t.Fatal(err)
	} else if _, err := run.Made(); !errors.Is(err, ErrNotMade) {
		t.Errorf("error %v, want ErrNotMade", err)
	}
	r.Keep(want)
	r.End(OK, nil)
	run, err := Find(dir, "last")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := run.Made(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("made %+v, %v; want %+v", got, err, want)
	}
	old := []byte(`{"lock":"assay lock 1\n","unmade":["b"],"settings":[{"path":"a"}]}`)
	if err := os.WriteFile(filepath.Join(run.Dir(), madeFile), old, 0o666); err != nil {
		t.Fatal(err)
	}
	if got, err := run.Made(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("of an earlier version: made %+v, %v; want %+v", got, err, want)
	}
	if err := os.WriteFile(filepath.Join(run.Dir(), madeFile), []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := run.Made(); err == nil || errors.Is(err, ErrNotMade) {
		t.Errorf("a damaged file: error %v", err)
	}
}
