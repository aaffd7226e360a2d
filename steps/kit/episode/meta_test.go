package episode

import (
	"math"
	"strings"
	"testing"

	"assay/steps/kit/channel"
)

func TestMeta(t *testing.T) {
	for _, c := range []struct {
		name, text string
		broken     bool
		problems   int
		check      func(*Meta) bool
	}{
		{"bom", "\xef\xbb\xbf {\"episode_id\":\"x\"}", false, 0, func(m *Meta) bool { return m.EpisodeID == "x" }},
		{"last key wins", `{"host_id":"a","host_id":"b"}`, false, 0, func(m *Meta) bool { return m.HostID == "b" }},
		{"nulls", `{"sample":null,"result":{"duration_observed_s":null},"host":null}`, false, 0, func(m *Meta) bool { return m.Duration == 0 && math.IsNaN(m.Uptime) }},
		{"integer seconds", `{"result":{"duration_observed_s":50}}`, false, 0, func(m *Meta) bool { return m.Duration == 50 }},
		{"NaN elsewhere", `{"host":{"x":NaN,"vm_uptime_at_start_s":2.5}}`, false, 0, func(m *Meta) bool { return m.Uptime == 2.5 }},
		{"wrong types", `{"schema_version":"1","sample":[],"result":{"duration_observed_s":"50","rows_proc":1.5,"rows_qmp":-2,"phases_observed":[1]}}`,
			false, 6, func(m *Meta) bool { return m.Version == 0 && m.Rows[channel.Proc] == -1 }},
		{"not finite", `{"result":{"duration_observed_s":Infinity,"rows_proc":1e400}}`, false, 2, func(m *Meta) bool { return m.Duration == 0 }},
		{"giant number", `{"result":{"duration_observed_s":1` + strings.Repeat("0", 400) + `}}`, false, 1, func(m *Meta) bool { return m.Duration == 0 }},
		{"long name", `{"episode_id":"` + strings.Repeat("x", 300) + `"}`, false, 1, func(m *Meta) bool { return m.EpisodeID == "" }},
		{"phases", `{"result":{"phases_observed":["a","b"]}}`, false, 0, func(m *Meta) bool { return len(m.Phases) == 2 }},
		{"cut", `{"episode_id":`, true, 0, nil},
		{"empty", ``, true, 0, nil},
		{"list", `[]`, true, 0, nil},
		{"bytes", "{\"a\":\"\xff\"}", true, 0, nil},
		{"deep", strings.Repeat(`{"a":`, 5000), true, 0, nil},
		{"long", `{"a":"` + strings.Repeat("x", 2<<20) + `"}`, true, 0, nil},
	} {
		m := newMeta()
		m.fill([]byte(c.text), DefaultLimits())
		if (m.Broken != "") != c.broken || len(m.Problems) != c.problems || c.check != nil && !c.check(&m) {
			t.Errorf("%s: %+v", c.name, m)
		}
	}
}

func TestLabels(t *testing.T) {
	l := DefaultLimits()
	l.Labels, l.Line = 4, 200
	var got Labels
	got.fill([]byte(strings.Join([]string{
		`{"phase":"clean","prev":null,"t_mono_ns":5,"t_wall_ns":1000000000}`, ``,
		`{"phase":null,"t_wall_ns":2500000000.0}`,
		`{"phase":"` + strings.Repeat("x", 200) + `","t_wall_ns":1}`,
		`{"phase":"armed"}`, `{"t_wall_ns":5}`, `{"phase":"armed","t_wall_ns":"5"}`, `nonsense`,
		"\xef\xbb\xbf" + `{"phase":["x"],"prev":"clean","t_wall_ns":true}`,
		`{"phase":"armed","t_wall_ns":9223372036854775807}`,
		`{"phase":"one too many","t_wall_ns":3}`,
	}, "\n")), l)
	if want := (Lost{Syntax: 1, TooLong: 1, NoClock: 1, Refused: 2, Excess: 1, FirstLine: 4}); got.Lost != want {
		t.Errorf("lost %+v, want %+v", got.Lost, want)
	}
	want := []Label{
		{UnixNs: 1e9, MonoNs: 5, Phase: "clean", HasPrev: true},
		{T: 1.5, UnixNs: 2.5e9},
		{T: (1 - 1e9) / 1e9, UnixNs: 1, Prev: "clean", HasPrev: true},
		{T: float64(math.MaxInt64-1_000_000_000) / 1e9, UnixNs: math.MaxInt64, Phase: "armed"},
	}
	if len(got.Rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(got.Rows), len(want))
	}
	for i := range want {
		if got.Rows[i] != want[i] {
			t.Errorf("row %d is %+v, want %+v", i, got.Rows[i], want[i])
		}
	}
}

func TestPhaseAt(t *testing.T) {
	l := Labels{Rows: []Label{{T: 0, Phase: "armed"}, {T: 5, Phase: "infecting"}, {T: 5, Phase: "failed"}}}
	for at, want := range map[float64]string{-1: "clean", 0: "armed", 4.9: "armed", 5: "failed", 99: "failed"} {
		if got := l.PhaseAt(at); got != want {
			t.Errorf("at %v s it is %s, want %s", at, got, want)
		}
	}
	if got := (&Labels{}).PhaseAt(3); got != "clean" {
		t.Errorf("without labels it is %q", got)
	}
}
