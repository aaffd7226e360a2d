package validate

import (
	"os"
	"strings"
	"testing"

	"assay/steps/kit/table"
)

// TestForeign reads episodes that others packed: small, whole, and each with one thing
// that the recorder of the corpus does not do. Their rows have few channels,
// which is a remark.
func TestForeign(t *testing.T) {
	const few = "channel_missing channel_missing channel_missing channel_missing"
	want := map[string]struct {
		status table.Status
		rules  string
	}{
		"whole":               {table.Accepted, few},
		"pax-global":          {table.Accepted, few},
		"sidecar-second-line": {table.Accepted, few},
		"labels-cut":          {table.Rejected, "labels_observed " + few},
	}
	rows := index(t, os.DirFS("testdata/foreign"), nil)
	if len(rows) != len(want) {
		t.Errorf("%d rows, want %d", len(rows), len(want))
	}
	for _, r := range rows {
		if w := want[r.Episode]; r.Status != w.status || rules(r) != w.rules {
			t.Errorf("%s is %s, want %s by %q: %s", r.Episode, r.Status, w.status, w.rules, strings.Join(r.Reasons, "; "))
		}
	}
}
