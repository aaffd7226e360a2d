package signal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"

	"github.com/klauspost/compress/zstd"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
)

// TestDay reads an episode of 24 hours made of the episodetest.Corpus's own rows over and over,
// and makes its windows. It takes a minute: ASSAY_DAY=1 asks for it. With ASSAY_DAY=FOLDER
// the episode is left there, as a store, to be tried with the program itself.
func TestDay(t *testing.T) {
	dir := os.Getenv("ASSAY_DAY")
	if dir == "" {
		t.Skip("set ASSAY_DAY=1, or a folder")
	}
	if dir == "1" {
		dir = t.TempDir()
	}
	makeDay(t, filepath.Join(dir, "day", "day"+episode.Suffix))
	r := newReader(t, episode.DefaultLimits())
	e, err := r.Read(os.DirFS(dir), "day/day"+episode.Suffix)
	if err != nil {
		t.Fatal(err)
	}
	var g Set
	g.Load(e)
	w, err := (&Summarizer{Window: 10, Stride: 5, MaxWindows: episode.DefaultLimits().Windows}).Summarize(e, &g)
	if err != nil || len(w.Center) != 17279 {
		t.Fatalf("%d windows, %v", len(w.Center), err)
	}
	if n := e.Tables[channel.Proc].Len(); n < 800_000 || e.Tables[channel.Proc].Lost.Total() > 0 {
		t.Errorf("%d rows of proc", n)
	}
	new(Summarizer).Vector(e, &g)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("%d MiB from the system", m.Sys>>20)
	if m.Sys > 1<<30 {
		t.Errorf("a day takes %d MiB", m.Sys>>20)
	}
}

var stamps = regexp.MustCompile(`"t_(mono|wall)_ns":\s*(\d+)`)

// makeDay writes an episode of 24 h: the rows of a recorded one, repeated.
func makeDay(t *testing.T, path string) {
	t.Helper()
	entries := episodetest.Entries(t, os.DirFS(episodetest.Corpus), episodetest.Names(t, 265)[0])
	const seconds = 24 * 3600
	var meta map[string]any
	if err := json.Unmarshal(entries["meta.json"], &meta); err != nil {
		t.Fatal(err)
	}
	result := meta["result"].(map[string]any)
	length := result["duration_observed_s"].(float64)
	result["duration_observed_s"] = seconds
	meta["host_id"], meta["episode_id"], meta["schedule"] = "day", "day", nil
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	members := map[string]string{}
	for s := range channel.Source(channel.NumSources) {
		name := filepath.Join(t.TempDir(), s.Entry())
		members[s.Entry()] = name
		result["rows_"+s.String()] = repeatRows(t, name, entries[s.Entry()], length, seconds)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewWriter(f, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(meta)
	if err != nil {
		t.Fatal(err)
	}
	episodetest.Member(z, "meta.json", '0', int64(len(text)), text)
	episodetest.Member(z, "labels.jsonl", '0', int64(len(entries["labels.jsonl"])), entries["labels.jsonl"])
	for s := range channel.Source(channel.NumSources) {
		episodetest.File(t, z, s.Entry(), members[s.Entry()])
	}
	episodetest.Member(z, "events.jsonl", '0', 0, nil)
	episodetest.Member(z, "done", '0', 0, nil)
	episodetest.Zeros(z, 1024)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// repeatRows writes rows over and over, each time later, and returns their number.
func repeatRows(t *testing.T, name string, rows []byte, length float64, seconds int) (n int) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for round := 0; float64(round)*length < float64(seconds); round++ {
		shift := int64(float64(round) * length * 1e9)
		left := float64(seconds)/length - float64(round)
		lines := bytes.SplitAfter(bytes.TrimSpace(rows), []byte("\n"))
		if left < 1 {
			lines = lines[:int(left*float64(len(lines)))]
		}
		n += len(lines)
		text := bytes.TrimSuffix(bytes.Join(lines, nil), []byte("\n"))
		out := stamps.ReplaceAllFunc(text, func(b []byte) []byte {
			k := bytes.LastIndexAny(b, ": ") + 1
			at, err := strconv.ParseInt(string(b[k:]), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Appendf(nil, "%s%d", b[:k], at+shift)
		})
		if _, err := f.Write(append(out, '\n')); err != nil {
			t.Fatal(err)
		}
	}
	return n
}
