package telemetry

import (
	"slices"
	"strings"
	"testing"
)

// TestRegistry pins what every table and model relies on.
func TestRegistry(t *testing.T) {
	counts := map[Source]int{}
	deployed := 0
	for i, c := range Channels() {
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
	const want = "284441ba9f2c93027043c402566515bf752ecbda1b4608f3c0fcc159e2b6dc9d"
	if got := SchemaHash(); got != want {
		t.Errorf("the schema hash is %s, was %s: every model trained before refuses the new columns", got, want)
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
