package synth

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"

	"assay/steps/kit/channel"
)

// meta is meta.json.
type meta struct {
	EpisodeID string     `json:"episode_id"`
	Host      metaHost   `json:"host"`
	HostID    string     `json:"host_id"`
	Result    metaResult `json:"result"`
	Sample    metaSample `json:"sample"`
	Schedule  []planned  `json:"schedule"`
	Version   int        `json:"schema_version"`
}

type metaHost struct {
	AgentHz    int      `json:"agent_hz"`
	Background []string `json:"background"`
	MemoryMiB  int64    `json:"memory_mib"`
	Rounded    bool     `json:"netflow_wall_rounded"`
	QMPHz      int      `json:"qmp_hz"`
	Offload    bool     `json:"tap_offload"`
	VCPUs      int      `json:"vcpus"`
	Uptime     float64  `json:"vm_uptime_at_start_s"`
	Traits     []string `json:"traits,omitempty"` // what is wrong with the episode
}

type metaResult struct {
	Duration float64  `json:"duration_observed_s"`
	Phases   []string `json:"phases_observed"`
	Guest    int      `json:"rows_guest"`
	Netflow  int      `json:"rows_netflow"`
	Proc     int      `json:"rows_proc"`
	QMP      int      `json:"rows_qmp"`
}

func (r *metaResult) count(s channel.Source, n int) {
	*map[channel.Source]*int{
		channel.Proc: &r.Proc, channel.Guest: &r.Guest, channel.QMP: &r.QMP, channel.Netflow: &r.Netflow,
	}[s] = n
}

type metaSample struct {
	Kind    string  `json:"kind"`
	Name    string  `json:"name"`
	Profile string  `json:"profile"`
	SHA256  *string `json:"sha256"`
}

type planned struct {
	Phase   string  `json:"phase"`
	Seconds float64 `json:"seconds"`
}

// newMeta describes a faultless episode; messy.go spoils it afterwards.
func newMeta(e *plan) *meta {
	m := &meta{
		EpisodeID: e.id, HostID: e.host.name, Version: 1,
		Host: metaHost{
			AgentHz: e.host.guestHz, MemoryMiB: e.host.memory >> 20, Rounded: e.host.rounded, QMPHz: e.host.qmpHz,
			Offload: e.host.offload, VCPUs: e.host.vcpus, Uptime: millis(e.uptime),
		},
		Result: metaResult{Duration: millis(e.length)},
		Sample: metaSample{Kind: "synth", Name: e.sample.name, Profile: e.profile},
	}
	for _, p := range e.daily {
		m.Host.Background = append(m.Host.Background, p.name)
	}
	for _, p := range e.schedule {
		m.Schedule = append(m.Schedule, planned{p.name, millis(p.budget)})
		m.Result.Phases = append(m.Result.Phases, p.name)
	}
	if !e.control {
		sum := sha256.Sum256([]byte("synth sample " + e.profile + "/" + e.sample.name))
		text := hex.EncodeToString(sum[:])
		m.Sample.SHA256 = &text
	}
	return m
}

// millis rounds to three digits.
func millis(x float64) float64 { return math.Round(x*1000) / 1000 }

// A label is a row of labels.jsonl.
type label struct {
	Phase  string  `json:"phase"`
	Prev   *string `json:"prev"`
	Reason string  `json:"reason"`
	Mono   int64   `json:"t_mono_ns"`
	Wall   int64   `json:"t_wall_ns"`
}

func newLabels(e *plan) []label {
	var list []label
	for i, p := range e.schedule {
		at := int64(p.from*1e6) * 1000
		l := label{Phase: p.name, Reason: p.reason, Mono: at, Wall: e.startNs + at}
		if i > 0 {
			l.Prev = &e.schedule[i-1].name
		}
		list = append(list, l)
	}
	return list
}

// lines writes values as JSON, one per line.
func lines[T any](list []T) []byte {
	var out []byte
	for _, v := range list {
		out = append(append(out, text(v)...), '\n')
	}
	return out
}

// text writes a value of this package as JSON.
func text(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("synth: " + err.Error()) // all of these types can be encoded
	}
	return b
}
