package validate

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/table"
)

func TestParams(t *testing.T) {
	good := Defaults()
	if err := good.Check(); err != nil {
		t.Errorf("the defaults are wrong: %v", err)
	}
	bad := Params{MissingSidecar: "maybe", MinDuration: 5, MaxDuration: 4}
	err := bad.Check()
	if err == nil {
		t.Fatal("nonsense is accepted")
	}
	for _, want := range []string{"missing_sidecar", "missing_done", "schema_version", "max_gap", "clock_tolerance", "max_duration"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not mention %s", err, want)
		}
	}
}

func TestRuling(t *testing.T) {
	for ruling, want := range map[Ruling]table.Status{Reject: table.Rejected, Degrade: table.Degraded, Accept: table.Accepted} {
		var v verdict
		v.rule(ruling, "x", "y")
		if v.status() != want || !slices.Equal(v.reasons, []string{"x: y"}) {
			t.Errorf("%s makes it %s for %v", ruling, v.status(), v.reasons)
		}
	}
}

type events []step.Message

func (e *events) Emit(x step.Message) { *e = append(*e, x) }

// TestReport: the order of rows, what is counted, and the warning of a checksum
// without an episode.
func TestReport(t *testing.T) {
	store := fstest.MapFS{"b/2.tar.zst": {}, "b/1.tar.zst": {}, "a-b/1.tar.zst": {}, "a/9.tar.zst": {},
		"b/3.tar.zst.sha256": {}, "b/4.tar.zst.part": {}, "b/deep/5.tar.zst": {}, "b/6.tzst": {}, "b/7.tar.gz": {},
		"b/1.tar.zst.sha512": {}, "b/8.tar": {}}
	for name := range store {
		if port := Kind().Inputs[0]; !port.Takes(name) {
			t.Errorf("the port does not take %s", name)
		}
	}
	var got events
	rows := index(t, store, &got)
	var keys []string
	for _, r := range rows {
		keys = append(keys, r.Host+"/"+r.Episode)
	}
	if want := []string{"a/9", "a-b/1", "b/1", "b/2"}; !slices.Equal(keys, want) {
		t.Errorf("rows %v, want %v", keys, want)
	}
	counts := map[string]int{}
	var warnings []string
	last := step.Message{}
	for _, e := range got {
		counts[e.Count] += e.N
		if e.Warning != "" {
			warnings = append(warnings, e.Warning)
		}
		if e.Total > 0 {
			last = e
		}
	}
	if counts["rejected"] != 4 || last.Done != 4 || last.Total != 4 {
		t.Errorf("counts %v, progress %+v", counts, last)
	}
	if counts["not read"] != 5 || len(warnings) != 2 || !strings.Contains(warnings[1], "files that look like episodes and are not read: 5, such as b/4.tar.zst.part") {
		t.Errorf("counts %v, warnings %q", counts, warnings)
	}
	if len(warnings) == 0 || !strings.HasPrefix(warnings[0], "b/3.tar.zst.sha256 has no episode") {
		t.Errorf("warnings %v", warnings)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	err = run(ctx, Defaults(), In{newRecording().store(t)}, Out{root})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestEmptyStore(t *testing.T) {
	if rows := index(t, fstest.MapFS{}, nil); len(rows) != 0 {
		t.Errorf("%d rows of nothing", len(rows))
	}
}
