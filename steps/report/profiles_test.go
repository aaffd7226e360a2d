package report

import (
	"bytes"
	"io/fs"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/profile"
)

// signatures is a table of two envelopes: one with points missing, one of a hostile name
// that is flat and partly below 0.
func signatures(t *testing.T) step.Inputs {
	t.Helper()
	curve, flat := make([]float64, 80), make([]float64, 80)
	for i := range curve {
		curve[i], flat[i] = 37*float64(i), -2
	}
	curve[0], curve[40], curve[42] = math.NaN(), math.NaN(), math.NaN()
	var b bytes.Buffer
	if err := profile.Write(&b, []*profile.Envelope{
		profile.Aggregate(profile.Subject{Profile: "io-walk", Channel: "proc.cpu_sys_jiffies"}, [][]float64{curve}, true),
		profile.Aggregate(profile.Subject{Profile: hostile, Channel: "proc.rss_bytes"}, [][]float64{flat, flat}, true),
	}); err != nil {
		t.Fatal(err)
	}
	return step.Inputs{"profiles": {{FS: fstest.MapFS{profile.File: {Data: b.Bytes()}}}}}
}

// TestProfiles: the section has a panel for each profile, and its figure is a file.
func TestProfiles(t *testing.T) {
	out := report(t, evaluations(t), signatures(t))
	contains(t, out, "report.html", "What attacks look like", "io-walk: proc.cpu_sys_jiffies, jiffies per second, n = 1", "proc.rss_bytes, bytes, n = 2",
		"proc.cpu_sys_jiffies of io-walk in jiffies per second", "in bytes, by phase", ">infected running</text>", ">3000</text>")
	contains(t, out, "figures/profiles.svg", "infected running")
	page := read(t, out, "report.html")
	for _, never := range []string{"<script", "\x1b", "NaN", "Inf", "%!"} {
		if strings.Contains(page, never) {
			t.Errorf("the page contains %q", never)
		}
	}
	balanced(t, page)
	anchored(t, page)
	if again := report(t, evaluations(t), signatures(t)); read(t, again, "figures/profiles.svg") != read(t, out, "figures/profiles.svg") {
		t.Error("a second figure has other bytes")
	}
	if strings.Contains(read(t, report(t, evaluations(t), nil), "report.html"), "What attacks look like") {
		t.Error("there is a section without a table")
	}
}

// TestBadProfiles: a table that makes no sense is refused by name.
func TestBadProfiles(t *testing.T) {
	k := Kind()
	in := step.Inputs{"evals": evaluations(t), "index": {{FS: index(t)}}, "profiles": {{FS: fstest.MapFS{profile.File: {Data: []byte("no table")}}}}}
	err := k.Run(t.Context(), k.Params(), in, step.Outputs{"page": dir(t)})
	if err == nil || !strings.Contains(err.Error(), "profiles: ") {
		t.Errorf("a bad table: %v", err)
	}
	in["profiles"][0].FS = fs.FS(fstest.MapFS{})
	if err := k.Run(t.Context(), k.Params(), in, step.Outputs{"page": dir(t)}); err == nil || !strings.Contains(err.Error(), profile.File) {
		t.Errorf("no table: %v", err)
	}
}
