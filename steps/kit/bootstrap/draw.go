package bootstrap

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// A Plan says what is drawn: Resamples times Units units.
type Plan struct {
	Seed      uint64
	Resamples int
	Units     int
}

// Draw sets counts, one for each unit, to how often resample r has the unit.
func (p Plan) Draw(r int, counts []int32) {
	clear(counts)
	n := uint32(len(counts))
	if n == 0 {
		return
	}
	source := p.source(r)
	least := -n % n // 2^32 mod n: products whose low half is below it are drawn again
	next := func(x uint32) bool {
		product := uint64(x) * uint64(n)
		if uint32(product) < least {
			return false
		}
		counts[product>>32]++
		return true
	}
	for left := len(counts); left > 0; {
		word := source.Uint64()
		if next(uint32(word)) {
			left--
		}
		if left > 0 && next(uint32(word>>32)) {
			left--
		}
	}
}

// source returns the random numbers of resample r. They depend on nothing but the seed,
// the number of units and r.
func (p Plan) source(r int) *rand.ChaCha8 {
	var text [24]byte
	for i, v := range [3]uint64{p.Seed, uint64(p.Units), uint64(r)} {
		binary.LittleEndian.PutUint64(text[8*i:], v)
	}
	return rand.NewChaCha8(sha256.Sum256(append([]byte("bootstrap "), text[:]...)))
}

// Run calls one of the functions that newWorker makes with every resample and how often
// it has each unit. It makes one for each core, and a function is never called by two
// goroutines at a time. Run returns early when ctx ends.
func Run(ctx context.Context, p Plan, newWorker func() func(r int, counts []int32)) error {
	return p.run(ctx, 1, func() func(first, n int) {
		work, counts := newWorker(), make([]int32, p.Units)
		return func(r, _ int) {
			p.Draw(r, counts)
			work(r, counts)
		}
	})
}

// run hands out the resamples, up to batch at a time.
func (p Plan) run(ctx context.Context, batch int, newWorker func() func(first, n int)) error {
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range min(runtime.GOMAXPROCS(0), p.Resamples) {
		work := newWorker()
		group.Go(func() error {
			for {
				first := int(next.Add(int64(batch))) - batch
				if first >= p.Resamples {
					return nil
				}
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				work(first, min(batch, p.Resamples-first))
			}
		})
	}
	return group.Wait()
}

// LeaveOneOut calls the functions as [Run] does with counts that have every unit once but
// one, which is the first argument: the jackknife (Quenouille 1949).
func LeaveOneOut(ctx context.Context, units int, newWorker func() func(unit int, counts []int32)) error {
	return Plan{Resamples: units, Units: units}.run(ctx, 1, func() func(first, n int) {
		work, counts := newWorker(), make([]int32, units)
		for u := range counts {
			counts[u] = 1
		}
		return func(unit, _ int) {
			counts[unit] = 0
			work(unit, counts)
			counts[unit] = 1
		}
	})
}
