package profile

import (
	"errors"
	"math"
	"os"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
	"assay/steps/kit/signal"
)

// FuzzCurve aligns whatever labels, metadata and rows there are, with the cures and
// without. A curve holds finite values or NaN, nothing else.
func FuzzCurve(f *testing.F) {
	entries := episodetest.Entries(f, os.DirFS(episodetest.Golden), "host-03/ep-0300002"+episode.Suffix)
	rows := entries[channel.Proc.Entry()]
	f.Add(entries["meta.json"], entries["labels.jsonl"], rows[:min(len(rows), 4000)])
	f.Add([]byte(`{"result":{"duration_observed_s":-1e300}}`),
		[]byte(`{"t_wall_ns":5,"phase":"armed"}`+"\n"+`{"t_wall_ns":-9e18,"phase":"infecting"}`+"\n"+
			`{"t_wall_ns":3,"phase":"infected_running"}`+"\n"+`{"t_wall_ns":9e18,"phase":null}`+"\n"+`{"t_wall_ns":4,"phase":"dormant"}`),
		[]byte(`{"t_wall_ns":NaN,"cpu_user_jiffies":1}`+"\n"+`{"t_wall_ns":1e300,"cpu_user_jiffies":1e308}`+"\n"+`{"t_wall_ns":4,"cpu_user_jiffies":-1e308}`))
	reader, err := episode.NewReader(episode.DefaultLimits())
	if err != nil {
		f.Fatal(err)
	}
	layout, err := NewLayout(Points)
	if err != nil {
		f.Fatal(err)
	}
	var set signal.Set
	plain := Aligner{Layout: layout}
	cured := Aligner{Layout: layout, Cures: Cures{true, true, true, true, 3}}
	out := make([]float64, Points)
	f.Fuzz(func(t *testing.T, meta, labels, rows []byte) {
		e, err := reader.Read(episodetest.Store(episodetest.Squeeze(t, episodetest.Pack(t,
			episodetest.Entry{Name: "meta.json", Data: string(meta)}, episodetest.Entry{Name: "labels.jsonl", Data: string(labels)},
			episodetest.Entry{Name: channel.Proc.Entry(), Data: string(rows)}))), episodetest.Name)
		if err != nil {
			return // larger than the limits
		}
		set.Load(e)
		for _, a := range []*Aligner{&plain, &cured} {
			for c := range 4 { // two counters and two levels
				var why Unused
				if err := a.Curve(e, set.Series(c), out); err != nil {
					if !errors.As(err, &why) {
						t.Fatalf("%v", err)
					}
					continue
				}
				for i, v := range out {
					if math.IsInf(v, 0) {
						t.Fatalf("point %d is %v", i, v)
					}
				}
			}
		}
	})
}
