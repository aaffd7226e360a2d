package parquet

import (
	"bytes"
	"encoding/base64"
	"os"
	"reflect"
	"testing"
)

// TestDurations: a duration is a bare integer but for the schema of Arrow, which
// pyarrow wrote here.
func TestDurations(t *testing.T) {
	b, err := os.ReadFile("../table/testdata/windows-odd.parquet")
	if err != nil {
		t.Fatal(err)
	}
	meta, err := readFooter(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	schema := (&File{meta: meta}).Lookup(arrowKey)
	if got, want := arrowDurations(schema), map[string]bool{"a_duration": true}; !reflect.DeepEqual(got, want) {
		t.Errorf("durations %v, want %v", got, want)
	}
	raw, err := base64.StdEncoding.DecodeString(schema)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw { // nothing of this may panic
		arrowDurations(base64.StdEncoding.EncodeToString(raw[:i]))
		bad := bytes.Clone(raw)
		bad[i] ^= 0xff
		arrowDurations(base64.StdEncoding.EncodeToString(bad))
	}
	if got := arrowDurations("no base64!"); got != nil {
		t.Errorf("nonsense has durations %v", got)
	}
}
