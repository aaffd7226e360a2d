package episode

import (
	"bytes"
	"testing"
	"testing/fstest"
	"time"

	"assay/steps/kit/channel"
)

// TestArchiver: what is packed is read again, and the same entries are the same
// bytes whatever was packed before.
func TestArchiver(t *testing.T) {
	a, err := NewArchiver()
	if err != nil {
		t.Fatal(err)
	}
	pack := func(entries ...string) []byte {
		t.Helper()
		a.Start(time.Unix(1_800_000_000, 5).UTC())
		for i := 0; i < len(entries); i += 2 {
			if err := a.Add(entries[i], []byte(entries[i+1])); err != nil {
				t.Fatal(err)
			}
		}
		b, err := a.Pack()
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Clone(b)
	}
	entries := []string{
		"meta.json", `{"episode_id":"e","host_id":"h"}`,
		"labels.jsonl", `{"phase":"clean","t_wall_ns":1800000000000000000}` + "\n",
		channel.Netflow.Entry(), `{"t_wall_ns":1800000001000000000,"pkts_in":3}` + "\n", "done", "",
	}
	first := pack(entries...)
	pack("done", "other")
	if !bytes.Equal(first, pack(entries...)) {
		t.Error("the same entries are other bytes the second time")
	}
	r, err := NewReader(DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	e, err := r.Read(fstest.MapFS{"h/e" + Suffix: {Data: first}}, "h/e"+Suffix)
	if err != nil {
		t.Fatal(err)
	}
	if !e.Done || e.Meta.HostID != "h" || len(e.Labels.Rows) != 1 || e.Tables[channel.Netflow].Len() != 1 {
		t.Errorf("read as %+v", e)
	}
}
