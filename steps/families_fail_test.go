package steps_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/episode/episodetest"
	"assay/steps/kit/table"
)

// TestNetworksThatFail trains networks in ways that cannot go well.
func TestNetworksThatFail(t *testing.T) {
	plain := newWorld(t, grid, func(fstest.MapFS) {})
	dull := newWorld(t, grid, func(store fstest.MapFS) { makeDull(t, store) })
	uniform := plain.clone()
	uniform.phases(table.Validation, func(p *int32) { *p = 1 })
	for _, k := range families() {
		if !has(k, "epochs") {
			continue
		}
		got := plain.train(t, k, map[string]any{"rate": 10, "clip": 1e6, "warmup": 0, "weight_decay": 10, "epochs": 400, "patience": 400})
		if got.err == nil || !strings.Contains(got.err.Error(), "epoch ") || !strings.Contains(got.err.Error(), "take a lower rate") {
			t.Errorf("%s: a rate of 10: error %v, want one with the epoch and what to do", k.Name, got.err)
		}
		if has(k, "window") {
			got = plain.train(t, k, map[string]any{"window": "6s"})
			if got.err == nil || !strings.Contains(got.err.Error(), "give this step the parameters window, stride and cures") {
				t.Errorf("%s: another window: error %v", k.Name, got.err)
			}
		}
		got = dull.train(t, k, nil)
		if got.err != nil || !strings.Contains(got.warned, "the network did not learn") {
			t.Errorf("%s: nothing to tell windows apart by: the warnings %q, error %v", k.Name, got.warned, got.err)
		}
		got = uniform.train(t, k, nil)
		if got.err != nil || !strings.Contains(got.warned, "all windows of the validation part are of class armed") {
			t.Errorf("%s: one class: the warnings %q, error %v", k.Name, got.warned, got.err)
		}
		got = plain.train(t, k, map[string]any{"epochs": 15, "batch": 16, "rate": 0.01})
		if got.err != nil || strings.Contains(got.warned, "did not learn") {
			t.Errorf("%s: the warnings %q, error %v", k.Name, got.warned, got.err)
		}
	}
}

// rewrite changes the files of all episodes.
func rewrite(t *testing.T, store fstest.MapFS, change func(entries map[string][]byte)) {
	t.Helper()
	for name, file := range store {
		entries := episodetest.Entries(t, store, name)
		before := len(entries)
		change(entries)
		if len(entries) >= before {
			t.Fatalf("%s has lost none of its files %v", name, slices.Sorted(maps.Keys(entries)))
		}
		var list []episodetest.Entry
		for _, e := range slices.Sorted(maps.Keys(entries)) {
			list = append(list, episodetest.Entry{Name: e, Data: string(entries[e])})
		}
		file.Data = episodetest.Squeeze(t, episodetest.Pack(t, list...))
	}
}

// makeDull leaves channels of netflow alone to what is deployed, and these always the same.
func makeDull(t *testing.T, store fstest.MapFS) {
	t.Helper()
	counts := regexp.MustCompile(`"((?:pkts|bytes|syn|fin|rst|udp|tcp|dns|unique)_\w+)":\d+`)
	rewrite(t, store, func(entries map[string][]byte) {
		delete(entries, "telemetry-guest.jsonl")
		entries["netflow.jsonl"] = counts.ReplaceAll(entries["netflow.jsonl"], []byte(`"$1":1`))
	})
}
