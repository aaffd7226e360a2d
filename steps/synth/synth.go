// Package synth is the kind "synth": it makes an episode store of any size from a seed,
// in the format of recorded ones. Call [Kind].
//
// Read plan.go first, which says what episode number n is; then programs.go, what runs
// in the VM; recorder.go, what its recorders see of it; and messy.go, what goes wrong.
// The numbers are made up after recorded episodes: profiles and phases differ as much,
// hosts differ, and now and then a phase on one host looks like another phase on another
// host.
//
// The same parameters make the same bytes on any machine. Random numbers come from a
// generator that is seeded by the name of the episode, and no function of package math
// is used whose last bit may differ.
package synth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"assay/engine/step"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("synth", "1", "Make an episode store of made-up recordings", Defaults(), run)
}

// Params say how large the store is and what is wrong with it.
type Params struct {
	Seed     uint64        `json:"seed" doc:"seed of everything that is random"`
	Episodes int           `json:"episodes" doc:"number of episodes, of all parts together"`
	Hosts    int           `json:"hosts" doc:"number of hosts that record them, each with its own speed, load and clocks"`
	Duration step.Duration `json:"duration" doc:"typical length of an episode; each one has half to twice this length"`
	Messy    step.Fraction `json:"messy" doc:"part of the episodes that have faults, of all kinds that validate knows"`
	Part     int           `json:"part" doc:"which part of the store to make, from 0"`
	Parts    int           `json:"parts" doc:"number of parts to make the store in; each part is a store of its own"`
}

// Defaults returns a store of a size to play with.
func Defaults() Params {
	return Params{Seed: 7, Episodes: 168, Hosts: 4, Duration: step.Duration(50 * time.Second), Parts: 1}
}

// Bounds of the parameters.
const (
	maxEpisodes = 10_000_000
	maxHosts    = 1000
	minDuration = step.Duration(20 * time.Second) // half of it is the shortest episode; validate rejects less than 10 s
	maxDuration = step.Duration(time.Hour)
)

// Check returns every mistake at once.
func (p *Params) Check() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	check(p.Episodes >= 1 && p.Episodes <= maxEpisodes, "episodes is %d, want 1 to %d", p.Episodes, maxEpisodes)
	check(p.Hosts >= 1 && p.Hosts <= maxHosts, "hosts is %d, want 1 to %d", p.Hosts, maxHosts)
	check(p.Duration >= minDuration && p.Duration <= maxDuration, "duration is %v, want %v to %v: shorter ones have "+
		"no room for their phases",
		time.Duration(p.Duration), time.Duration(minDuration), time.Duration(maxDuration))
	check(p.Parts >= 1 && p.Parts <= p.Episodes, "parts is %d, want 1 to the number of episodes", p.Parts)
	check(p.Part >= 0 && p.Part < p.Parts, "part is %d; with parts %d it is 0 to %d", p.Part, p.Parts, p.Parts-1)
	return errors.Join(errs...)
}

// In is what the kind reads: nothing.
type In struct{}

// Out is what the kind writes.
type Out struct {
	Episodes *os.Root `doc:"an episode store: <host>/<episode>.tar.zst, each with its .sha256"`
}

// run records the episodes of this part on all cores. Each episode depends on the
// seed and its number alone, so the order in which workers take them does not show.
func run(ctx context.Context, p Params, _ In, out Out) error {
	for h := range min(p.Hosts, p.Episodes) {
		if err := out.Episodes.Mkdir(hostName(h), 0o777); err != nil {
			return fmt.Errorf("episode store: %w", err)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &workers{p: p, dir: out.Episodes, report: step.Report(ctx), total: (p.Episodes - p.Part +
		p.Parts - 1) / p.Parts}
	cores := min(step.Cores(ctx), w.total)
	errs := make([]error, cores)
	var wait sync.WaitGroup
	for i := range cores {
		wait.Go(func() {
			if errs[i] = w.work(ctx); errs[i] != nil {
				cancel()
			}
		})
	}
	wait.Wait()
	for _, err := range errs { // the first error cancelled the others
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	return errors.Join(errs...)
}

// workers make the episodes of a part in parallel. Which worker makes an episode does
// not show in it.
type workers struct {
	p          Params
	dir        *os.Root
	report     step.Reporter
	total      int
	next, done atomic.Int64
}

// work records the next episode until none is left. The recorder's buffers are used
// again for each.
func (w *workers) work(ctx context.Context) error {
	r, err := newRecorder()
	if err != nil {
		return err
	}
	for {
		k := int(w.next.Add(1)) - 1
		if k >= w.total {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.make(r, w.p.Part+k*w.p.Parts); err != nil {
			return fmt.Errorf("episode store: %w", err)
		}
		w.report.Progress(int(w.done.Add(1)), w.total)
	}
}

// make writes one episode and its checksum.
func (w *workers) make(r *recorder, n int) error {
	e := newPlan(w.p, n)
	file, sidecar, err := r.record(e)
	if err != nil {
		return err
	}
	name := e.host.name + "/" + e.id + ".tar.zst"
	if err := w.dir.WriteFile(name, file, 0o666); err != nil || sidecar == nil {
		return err
	}
	return w.dir.WriteFile(name+".sha256", sidecar, 0o666)
}
