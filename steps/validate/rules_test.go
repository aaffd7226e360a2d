package validate

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/table"
)

// TestRules damages a good recording in one way each and expects a verdict and
// the rules that lead to it, in their order.
func TestRules(t *testing.T) {
	const accepted, degraded, rejected, errored = table.Accepted, table.Degraded, table.Rejected, table.Errored
	for _, c := range []struct {
		name   string
		status table.Status
		rules  string
		damage func(*recording)
	}{
		{"nothing", accepted, "", func(*recording) {}},

		{"no done", rejected, "done_missing", func(r *recording) { r.missing = []string{"done"} }},
		{"full done", accepted, "done_content", func(r *recording) { r.extra["done"] = "yes" }},
		{"no events", accepted, "events_missing", func(r *recording) { r.missing = []string{"events.jsonl"} }},
		{"notes", accepted, "entry_unknown", func(r *recording) { r.extra["notes.txt"], r.extra["more.txt"] = "", "" }},
		{"escape", rejected, "entry_path", func(r *recording) { r.extra["../x"] = "" }},

		{"no meta", rejected, "meta_missing duration_missing", func(r *recording) { r.missing = []string{"meta.json"} }},
		{"cut meta", rejected, "meta_broken duration_missing", func(r *recording) { r.extra["meta.json"] = `{"a":` }},
		{"other schema", rejected, "meta_version", func(r *recording) { r.meta["schema_version"] = 2 }},
		{"no schema", degraded, "meta_version", func(r *recording) { delete(r.meta, "schema_version") }},
		{"text schema", degraded, "meta_type meta_version", func(r *recording) { r.meta["schema_version"] = "1" }},
		{"other episode", rejected, "meta_episode_id", func(r *recording) { r.meta["episode_id"] = "x" }},
		{"no host", rejected, "meta_host_id", func(r *recording) { r.meta["host_id"] = nil }},
		{"no sample", degraded, "meta_profile", func(r *recording) { r.meta["sample"] = nil }},
		{"no counts", degraded, "duration_missing rows_uncounted rows_uncounted rows_uncounted rows_uncounted", func(r *recording) { r.meta["result"] = nil }},

		{"no duration", degraded, "duration_missing", func(r *recording) { r.result()["duration_observed_s"] = 0 }},
		{"text duration", degraded, "meta_type duration_missing", func(r *recording) { r.result()["duration_observed_s"] = "50" }},
		{"duration too long for the data", degraded, "gap gap gap gap", func(r *recording) { r.result()["duration_observed_s"] = 65 }},
		{"duration far too long", rejected, "gap gap gap gap telemetry_short", func(r *recording) { r.result()["duration_observed_s"] = 500 }},
		{"endless", rejected, "duration_long gap gap gap gap telemetry_short", func(r *recording) { r.result()["duration_observed_s"] = 1e300 }},
		{"short", rejected, "duration_short labels_late rows_outside rows_outside rows_outside rows_outside", func(r *recording) { r.result()["duration_observed_s"] = 9 }},

		{"no labels", rejected, "labels_missing", func(r *recording) { r.missing = []string{"labels.jsonl"} }},
		{"empty labels", rejected, "labels_empty", func(r *recording) { r.labels = nil }},
		{"torn label", rejected, "labels_broken", func(r *recording) { r.extra["labels.jsonl"] = lines(t, r.labels) + "{" }},
		{"unknown phase", rejected, "labels_phase labels_prev labels_observed", func(r *recording) { r.labels[1]["phase"] = "warmup" }},
		{"null phase", rejected, "labels_phase labels_prev labels_observed", func(r *recording) { r.labels[1]["phase"] = nil }},
		{"labels out of order", rejected, "labels_order", func(r *recording) { stamped(30, r.labels[1]) }},
		{"labels at one time", accepted, "", func(r *recording) { stamped(12, r.labels[2]) }},
		{"label on a wrong clock", rejected, "labels_clock", func(r *recording) { shift(r.labels[2:], 8) }},
		{"late label", degraded, "labels_late", func(r *recording) { stamped(60, r.labels[2]) }},
		{"wrong prev", accepted, "labels_prev", func(r *recording) { r.labels[2]["prev"] = "dormant" }},
		{"observed otherwise", rejected, "labels_observed", func(r *recording) { r.result()["phases_observed"] = []string{"clean"} }},

		{"labels cut", rejected, "labels_observed", func(r *recording) { r.labels = r.labels[:1] }},
		{"a phase too many", rejected, "labels_observed", func(r *recording) {
			r.labels = append(r.labels, stamped(40, map[string]any{"phase": "armed", "prev": "clean"}))
		}},
		{"a label twice", accepted, "labels_observed", func(r *recording) {
			r.labels = append(r.labels[:2], stamped(13, map[string]any{"phase": "armed", "prev": "armed"}), r.labels[2])
		}},
		{"labels cut, nothing observed", accepted, "labels_schedule", func(r *recording) {
			scheduled(r, "clean", 12, "armed", 12, "clean", 26)
			delete(r.result(), "phases_observed")
			r.labels = r.labels[:1]
		}},
		{"as scheduled", accepted, "", func(r *recording) { scheduled(r, "clean", 10, "armed", 15, "clean", 26) }},
		{"failed", accepted, "", func(r *recording) {
			scheduled(r, "clean", 12, "armed", 12, "infecting", 5, "clean", 26)
			r.labels[2]["phase"] = "failed"
			r.result()["phases_observed"] = []string{"clean", "armed", "failed"}
		}},
		{"labels far from the schedule", accepted, "labels_times", func(r *recording) { scheduled(r, "clean", 60, "armed", 12, "clean", 26) }},
		{"a schedule of no form", degraded, "meta_type", func(r *recording) { r.meta["schedule"] = []int{1} }},
		{"a control that is attacked", accepted, "labels_control", func(r *recording) {
			r.meta["sample"].(map[string]any)["profile"] = "Control "
		}},
		{"a benign kind that is attacked", accepted, "labels_control", func(r *recording) {
			r.meta["sample"].(map[string]any)["kind"] = "benign"
		}},
		{"no digest", accepted, "sample_sha256", func(r *recording) { r.meta["sample"].(map[string]any)["sha256"] = "unknown" }},
		{"a digest in capitals", accepted, "", func(r *recording) {
			r.meta["sample"].(map[string]any)["sha256"] = strings.Repeat("AB", 32)
		}},
		{"labels a second off", accepted, "clock_apart", func(r *recording) { shift(r.labels, 1) }},
		{"a label a second off", accepted, "label_apart", func(r *recording) { shift(r.labels[1:2], 1) }},
		{"the first label a second off", accepted, "label_apart", func(r *recording) { shift(r.labels[:1], -1) }},
		{"a source a second off", accepted, "clock_apart", func(r *recording) { shift(r.rows[qmp], -1) }},
		{"a source steps by a second", accepted, "clock_step clock_apart", func(r *recording) { shift(r.rows[proc][125:], 1) }},
		{"a source of another monotonic clock", accepted, "", func(r *recording) { received(r.rows[qmp], 9e5) }},
		{"idle stands still", accepted, "idle_still", func(r *recording) {
			for _, row := range r.rows[guest] {
				row["cpu_total_jiffies"].(map[string]any)["idle"] = 7
			}
		}},

		{"no source", degraded, "source_missing", func(r *recording) { r.missing = []string{guest} }},
		{"no sources", rejected, "source_missing source_missing source_missing source_missing telemetry_missing",
			func(r *recording) { r.missing = []string{proc, guest, qmp, netflow} }},
		{"empty source", degraded, "source_empty", func(r *recording) { r.rows[qmp] = nil }},
		{"nonsense source", degraded, "rows_lost source_empty", func(r *recording) { r.extra[qmp] = "1\n[2]\n" }},
		{"few rows", degraded, "rows_few", func(r *recording) { r.rows[guest] = everySecond(r.rows[guest]) }},
		{"fewer rows", accepted, "rows_differ", func(r *recording) { r.rows[guest] = r.rows[guest][:245] }},
		{"lost rows", degraded, "rows_lost number_text", func(r *recording) {
			delete(r.rows[guest][5], "t_wall_ns")
			r.rows[guest][6]["t_wall_ns"] = "soon"
			r.rows[guest][7]["load_1m_5m_15m"] = []string{"n/a"}
		}},
		{"texts", degraded, "number_text", func(r *recording) { r.rows[proc][3]["rss_bytes"] = "12" }},
		{"not finite", degraded, "number_not_finite", func(r *recording) {
			r.extra[qmp] = `{"t_wall_ns":1795323974892115984,"kvm_stats":{"pages_4k":NaN}}` + "\n" + lines(t, r.rows[qmp][1:])
		}},
		{"missing channel", accepted, "channel_missing", func(r *recording) { drop(r.rows[guest], "net") }},
		{"counter restarts", degraded, "counter_reset", func(r *recording) { r.rows[proc][150]["minor_faults"] = 3 }},
		{"thread ends", accepted, "", func(r *recording) { r.rows[proc][150]["voluntary_ctxsw"] = 3 }},

		{"shuffled", accepted, "rows_unordered", func(r *recording) { g := r.rows[guest]; g[4], g[40] = g[40], g[4] }},
		{"twice", accepted, "rows_differ rows_twice", func(r *recording) { r.rows[qmp] = append(r.rows[qmp], r.rows[qmp][49]) }},
		{"guest lags", accepted, "", func(r *recording) { received(r.rows[guest][50:65], 2.4) }},
		{"clock steps back", rejected, "counter_reset rows_unordered clock_jump gap", func(r *recording) { shift(r.rows[proc][125:], -20) }},
		{"clock strays", degraded, "clock_stray", stray},
		{"past all clocks", degraded, "rows_unordered rows_outside", func(r *recording) { r.rows[netflow][7]["t_wall_ns"] = uint64(math.MaxUint64) }},
		{"other hour", rejected, "rows_outside rows_outside rows_outside rows_outside clock_apart telemetry_outside", func(r *recording) { shift(r.labels, -3600) }},
		{"hole", degraded, "gap", func(r *recording) { hole(r, 50, 103) }},
		{"hole of a starved guest", accepted, "", func(r *recording) { hole(r, 50, 77) }},
		{"stops early", degraded, "gap", func(r *recording) { hole(r, 150, 250) }},
		{"starts late", degraded, "gap", func(r *recording) { hole(r, 0, 60) }},
	} {
		r := newRecording()
		c.damage(r)
		row := index(t, r.store(t), nil)[0]
		if got := rules(row); row.Status != c.status || got != c.rules {
			t.Errorf("%s: %s by %q, want %s by %q\n%s", c.name, row.Status, got, c.status, c.rules, strings.Join(row.Reasons, "\n"))
		}
	}
}

// rules are the names that open the reasons.
func rules(row table.Episode) string {
	var names []string
	for _, r := range row.Reasons {
		name, _, _ := strings.Cut(r, ": ")
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

func everySecond(rows []map[string]any) (half []map[string]any) {
	for i := 0; i < len(rows); i += 2 {
		half = append(half, rows[i])
	}
	return half
}

func drop(rows []map[string]any, key string) {
	for _, row := range rows {
		delete(row, key)
	}
}

// hole takes guest rows away, which the recorder did not count either.
func hole(r *recording, from, to int) {
	r.rows[guest] = append(r.rows[guest][:from:from], r.rows[guest][to:]...)
	r.result()["rows_guest"] = len(r.rows[guest])
}

// received delays rows on the monotonic clock of who receives them.
func received(rows []map[string]any, by float64) {
	for _, row := range rows {
		row["t_mono_ns"] = row["t_mono_ns"].(int64) + int64(by*1e9)
	}
}

// stray turns a monotonic clock into the uptime of a host, and two rows of it
// into nonsense.
func stray(r *recording) {
	received(r.rows[netflow], 9e5)
	for i := range 2 {
		r.rows[netflow][100*i]["t_mono_ns"] = 0
	}
}

func TestSidecar(t *testing.T) {
	for _, c := range []struct {
		name, rules string
		status      table.Status
		change      func(fstest.MapFS, string)
	}{
		{"missing", "sidecar_missing", table.Rejected, func(m fstest.MapFS, s string) { delete(m, s) }},
		{"empty", "sidecar_malformed", table.Rejected, func(m fstest.MapFS, s string) { m[s].Data = nil }},
		{"short", "sidecar_malformed", table.Rejected, func(m fstest.MapFS, s string) { m[s].Data = []byte("12ab  x") }},
		{"prose", "sidecar_malformed", table.Rejected, func(m fstest.MapFS, s string) { m[s].Data = []byte(strings.Repeat("z", 1<<20)) }},
		{"folder", "sidecar_malformed", table.Rejected, func(m fstest.MapFS, s string) { delete(m, s); m[s+"/x"] = &fstest.MapFile{} }},
		{"other digest", "sidecar_mismatch", table.Rejected, func(m fstest.MapFS, s string) { m[aFile].Data = append(m[aFile].Data, 0) }},
		{"other name", "sidecar_name", table.Accepted, func(m fstest.MapFS, s string) {
			m[s].Data = []byte(strings.Replace(string(m[s].Data), anID, "x", 1))
		}},
		{"named in the second line", "", table.Accepted, func(m fstest.MapFS, s string) {
			m[s].Data = []byte(strings.Repeat("0", 64) + "  other.tar.zst\n" + string(m[s].Data))
		}},
		{"several lines, none of it", "sidecar_malformed", table.Rejected, func(m fstest.MapFS, s string) {
			m[s].Data = []byte(strings.Repeat("0", 64) + "  a.tar.zst\n" + string(m[s].Data[:64]) + "  b.tar.zst\n")
		}},
		{"several lines, another digest", "sidecar_mismatch", table.Rejected, func(m fstest.MapFS, s string) {
			m[s].Data = []byte(string(m[s].Data[:64]) + "  a.tar.zst\n" + strings.Repeat("0", 64) + "  " + anID + ".tar.zst\n")
		}},
		{"appended to", "", table.Accepted, func(m fstest.MapFS, s string) {
			m[s].Data = []byte(strings.Repeat("0", 64) + "  " + anID + ".tar.zst\n" + string(m[s].Data))
		}},
		{"tag", "", table.Accepted, func(m fstest.MapFS, s string) {
			m[s].Data = []byte("SHA256 (./" + anID + ".tar.zst) = " + string(m[s].Data[:64]) + "\n")
		}},
		{"tag of another", "sidecar_name", table.Accepted, func(m fstest.MapFS, s string) {
			m[s].Data = []byte("SHA256 (x (1).tar.zst) = " + string(m[s].Data[:64]) + "\n")
		}},
		{"tag without a digest", "sidecar_malformed", table.Rejected, func(m fstest.MapFS, s string) {
			m[s].Data = []byte("SHA256 (" + anID + ".tar.zst) =\n")
		}},
		{"escaped, in a folder, after a comment", "", table.Accepted, func(m fstest.MapFS, s string) {
			m[s].Data = []byte("\ufeff# made by hand\r\n\r\n\\" + string(m[s].Data[:64]) + "  a\\\\b\\n/" + anID + ".tar.zst\r\n")
		}},
		{"bare digest", "", table.Accepted, func(m fstest.MapFS, s string) { m[s].Data = m[s].Data[:64] }},
		{"binary mode, capitals", "", table.Accepted, func(m fstest.MapFS, s string) {
			m[s].Data = []byte(strings.ToUpper(string(m[s].Data[:64])) + " *some/folder/" + anID + ".tar.zst\r\n")
		}},
	} {
		store := newRecording().store(t)
		c.change(store, aFile+".sha256")
		row := index(t, store, nil)[0]
		got := strings.TrimPrefix(rules(row), "unreadable ") // a changed file is that too
		if row.Status != c.status || got != c.rules {
			t.Errorf("%s: %s by %v, want %s by %q", c.name, row.Status, row.Reasons, c.status, c.rules)
		}
	}
}

// scheduled plans phases, each with its seconds.
func scheduled(r *recording, plan ...any) {
	var list []map[string]any
	for i := 0; i < len(plan); i += 2 {
		list = append(list, map[string]any{"phase": plan[i], "seconds": plan[i+1]})
	}
	r.meta["schedule"] = list
}
