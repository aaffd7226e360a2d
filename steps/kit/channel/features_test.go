package channel

import (
	"slices"
	"strings"
	"testing"
)

// TestRegistry pins what every table and model relies on.
func TestRegistry(t *testing.T) {
	counts := map[Source]int{}
	deployed := 0
	for i, c := range All() {
		counts[c.Source]++
		if Deployed(c.Name) {
			deployed++
		}
		if !strings.HasPrefix(c.Name, c.Source.String()+".") || c.Path == "" || c.Unit == "" || c.About == "" {
			t.Errorf("channel %d is not fully described: %+v", i, c)
		}
		if from, to := Columns(c.Source); i < from || i >= to {
			t.Errorf("%s is outside its source's columns", c.Name)
		}
	}
	if counts[Proc] != 10 || counts[Guest] != 16 || counts[QMP] != 7 || counts[Netflow] != 13 || deployed != 29 {
		t.Errorf("channels by source %v, %d deployed", counts, deployed)
	}
	names := FeatureNames()
	if len(names) != 230 || NumFeatures != 230 || names[0] != "proc.cpu_user_jiffies.mean" || names[229] != "netflow.tcp_new_flows.slope" {
		t.Errorf("%d features from %s to %s", len(names), names[0], names[len(names)-1])
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != 230 {
		t.Error("two features have the same name")
	}
	const want = "5df79b343ce450ef368d483c326aad3fbf0c08f3d84106e0952394e3d2249f6e"
	if got := (Schema{Window: 10}).Hash(); got != want {
		t.Errorf("the schema hash is %s, was %s: every model trained before refuses the new columns", got, want)
	}
}

// TestSchemaHash: whatever changes what a column means changes the hash.
func TestSchemaHash(t *testing.T) {
	seen := map[string]string{}
	for name, s := range map[string]Schema{
		"windows":   {Window: 10},
		"shorter":   {Window: 5},
		"vectors":   {},
		"tensors":   {Window: 10, Hz: 10},
		"finer":     {Window: 10, Hz: 20},
		"retimed":   {Window: 10, Cures: Cures{RetimeNetflow: true}},
		"gap":       {Window: 10, Cures: Cures{MaxGap: 3}},
		"wider gap": {Window: 10, Cures: Cures{MaxGap: 4}},
		"resets":    {Window: 10, Cures: Cures{ResetsMissing: true}},
		"lists":     {Window: 10, Cures: Cures{AbsentListsMissing: true}},
		"constants": {Window: 10, Cures: Cures{ExactConstants: true}},
		"phases":    {Window: 10, Cures: Cures{ExcludeUnknownPhase: true}},
		"two cures": {Window: 10, Cures: Cures{ExcludeUnknownPhase: true, ExactConstants: true}},
	} {
		h := s.Hash()
		if other, ok := seen[h]; ok {
			t.Errorf("%s and %s have the same schema hash", name, other)
		}
		seen[h] = name
	}
}

func TestDeployed(t *testing.T) {
	for name, want := range map[string]bool{
		"guest.load_1m": true, "netflow.pkts_in.p95": true,
		"proc.rss_bytes": false, "qmp.kvm_pages_4k.mean": false,
		"guest": false, "guestbook.x": false, "": false,
	} {
		if Deployed(name) != want {
			t.Errorf("Deployed(%q) is %v", name, !want)
		}
	}
}

// TestClass: unknown phases are clean, or none with the cure.
func TestClass(t *testing.T) {
	for phase, want := range map[string]int32{"clean": 0, "failed": 5, "": -1, "x": -1} {
		if got := (Cures{ExcludeUnknownPhase: true}).Class(phase); got != want {
			t.Errorf("%q is of class %d, want %d", phase, got, want)
		}
		if got := (Cures{}).Class(phase); got != max(0, want) {
			t.Errorf("without the cure %q is of class %d", phase, got)
		}
	}
}
