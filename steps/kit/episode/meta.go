package episode

import (
	"fmt"
	"math"

	"assay/steps/kit/channel"
	"assay/steps/kit/pyjson"
)

// Meta is what meta.json says of its episode.
type Meta struct {
	Present bool
	Broken  string // why it could not be decoded; "" if it could

	Version   int64 // schema_version; 0 if absent
	EpisodeID string
	HostID    string

	Profile    string
	SampleName string
	SampleKind string
	SampleSHA  string

	Duration float64  // seconds observed; 0 if absent
	Uptime   float64  // seconds that the VM had been up at the start; NaN if absent
	Phases   []string // phases observed; nil if absent

	Schedule []Planned // what was planned; nil if absent

	// Rows is how many rows the recorder wrote, by source; -1 if absent.
	Rows [channel.NumSources]int64

	// Problems are fields of a type they should not have, "result.rows_proc is
	// a string, want a number". Such a field counts as absent.
	Problems []string
}

// A Planned is a phase that the recorder was to go through.
type Planned struct {
	Phase   string
	Seconds float64 // 0 if absent
}

// maxText bounds a name in meta.json, in bytes.
const maxText = 256

func newMeta() Meta {
	m := Meta{Uptime: math.NaN()}
	for s := range m.Rows {
		m.Rows[s] = -1
	}
	return m
}

func (m *Meta) fill(data []byte, lim Limits) {
	if len(data) > lim.Meta {
		m.Broken = fmt.Sprintf("has more than %d bytes", lim.Meta)
		return
	}
	root, err := pyjson.ParseObject(data)
	if err != nil {
		m.Broken = err.Error()
		return
	}
	m.read(root)
}

// read takes what is known of the fields of meta.json.
func (m *Meta) read(root map[string]any) {
	g := getter{m}
	m.Version = g.count(root, "", "schema_version", 0)
	m.EpisodeID = g.text(root, "", "episode_id")
	m.HostID = g.text(root, "", "host_id")

	sample := g.object(root, "sample")
	m.Profile = g.text(sample, "sample.", "profile")
	m.SampleName = g.text(sample, "sample.", "name")
	m.SampleKind = g.text(sample, "sample.", "kind")
	m.SampleSHA = g.text(sample, "sample.", "sha256")

	host := g.object(root, "host")
	m.Uptime = g.number(host, "host.", "vm_uptime_at_start_s", math.NaN())

	m.Schedule = g.schedule(root)

	result := g.object(root, "result")
	m.Duration = g.number(result, "result.", "duration_observed_s", 0)
	m.Phases = g.texts(result, "result.", "phases_observed")
	for s := range channel.Source(channel.NumSources) {
		m.Rows[s] = g.count(result, "result.", "rows_"+s.String(), -1)
	}
}

// A getter takes typed fields out of a decoded object and notes what is of
// another type. Absent and null are the same and no problem.
type getter struct{ m *Meta }

func (g getter) problem(v any, name, want string) {
	g.m.Problems = append(g.m.Problems, fmt.Sprintf("%s is %s, want %s", name, pyjson.TypeName(v), want))
}

func (g getter) object(m map[string]any, key string) map[string]any {
	v, ok := m[key].(map[string]any)
	if !ok && m[key] != nil {
		g.problem(m[key], key, "an object")
	}
	return v
}

func (g getter) text(m map[string]any, prefix, key string) string {
	v, ok := m[key].(string)
	if !ok && m[key] != nil {
		g.problem(m[key], prefix+key, "a string")
	}
	if len(v) > maxText {
		g.m.Problems = append(g.m.Problems, fmt.Sprintf("%s%s has %d bytes, want at most %d", prefix, key, len(v),
			maxText))
		return ""
	}
	return v
}

// count is a number of things; absent where it is none.
func (g getter) count(m map[string]any, prefix, key string, absent int64) int64 {
	v := g.number(m, prefix, key, float64(absent))
	if v == float64(absent) {
		return absent
	}
	if v != math.Trunc(v) || v < 0 || v > 1<<53 {
		g.m.Problems = append(g.m.Problems, fmt.Sprintf("%s%s is %v, want a count", prefix, key, v))
		return absent
	}
	return int64(v)
}

// number is a finite number; absent where it is none.
func (g getter) number(m map[string]any, prefix, key string, absent float64) float64 {
	if m[key] == nil {
		return absent
	}
	n, _ := m[key].(pyjson.Number)
	v, ok := n.Float()
	if !ok {
		g.problem(m[key], prefix+key, "a number")
		return absent
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		g.m.Problems = append(g.m.Problems, fmt.Sprintf("%s%s is %v, want a finite number", prefix, key, v))
		return absent
	}
	return v
}

// texts is a list of texts, nil where it is none.
func (g getter) texts(m map[string]any, prefix, key string) []string {
	if m[key] == nil {
		return nil
	}
	list, ok := m[key].([]any)
	if !ok {
		g.problem(m[key], prefix+key, "an array")
		return nil
	}
	texts := make([]string, 0, len(list))
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			g.problem(v, prefix+key+"[]", "a string")
			return nil
		}
		texts = append(texts, s)
	}
	return texts
}

// schedule is the list of planned phases.
func (g getter) schedule(m map[string]any) []Planned {
	list, ok := m["schedule"].([]any)
	if !ok && m["schedule"] != nil {
		g.problem(m["schedule"], "schedule", "an array")
	}
	var plan []Planned
	for _, v := range list {
		item, ok := v.(map[string]any)
		if !ok {
			g.problem(v, "schedule[]", "an object")
			return nil
		}
		plan = append(plan, Planned{g.text(item, "schedule[].", "phase"), g.number(item, "schedule[].", "seconds", 0)})
	}
	return plan
}
