package profile

import (
	"bytes"
	"testing"
	"testing/fstest"
)

// reread writes an envelope and reads it again.
func reread(t testing.TB, e *Envelope) *Envelope {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, []*Envelope{e}); err != nil {
		t.Fatal(err)
	}
	list, err := Read(fstest.MapFS{File: {Data: b.Bytes()}})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d envelopes, %v", len(list), err)
	}
	return list[0]
}
