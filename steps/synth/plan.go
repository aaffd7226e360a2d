package synth

import "assay/steps/kit/channel"

import "fmt"

// A plan is the plan of an episode, before it is recorded.
type plan struct {
	id   string
	host host
	rng  random

	startNs int64   // wall clock, Unix ns
	uptime  float64 // seconds since the VM booted
	slot    int     // its index within the boot, from 0

	profile string
	sample  program
	control bool    // no sample runs, the VM does its daily work
	force   float64 // how strongly the sample acts, about 1
	daily   []program

	schedule []phase
	length   float64 // seconds
	messy    bool
}

// Times of the store.
const (
	epochNs  = 1767225600_000000000 // 2026-01-01T00:00:00Z
	bootSize = 8                    // episodes of a boot
	slotPart = 2.2                  // a slot in which an episode lies, in usual lengths
	bootTime = 30.0                 // seconds between two boots
)

// newPlan returns that of episode n of a store. Hosts take turns; on a host, profiles take
// turns, in an order that is drawn for each round. All draws depend on seed and number
// only, so any part of a store can be made alone.
func newPlan(p Params, n int) *plan {
	h := newHost(p, n%p.Hosts)
	turn := n / p.Hosts // its index on its host
	e := &plan{id: fmt.Sprintf("s%08d", n), host: h, slot: turn % bootSize}
	e.rng = newRandom("episode %d %s %s", p.Seed, h.name, e.id)

	length := p.Duration.Seconds()
	slot := float64(length * slotPart)
	boot := turn / bootSize
	at := float64(float64(boot)*(float64(bootSize*slot)+bootTime)) + float64(float64(e.slot)*slot) + e.rng.between(0, 2)
	e.startNs = epochNs + int64(h.number)*1_700_000_003 + int64(float64(at*1e6))*1000 + int64(e.rng.below(1000))
	e.uptime = 6 + float64(float64(e.slot)*slot) + e.rng.unit()

	all := profiles()
	round := newRandom("round %d %s %d", p.Seed, h.name, turn/len(all))
	chosen := all[shuffled(round, len(all))[turn%len(all)]]
	e.profile, e.sample = chosen.name, pick(e.rng, chosen.samples)
	e.control = chosen.name == control
	e.force = 0.55 + e.rng.between(0, 0.9)
	for range e.rng.below(3) {
		e.daily = append(e.daily, pick(e.rng, dailyPrograms()))
	}
	e.schedule, e.length = newSchedule(e.rng, length, e.control)
	e.messy = e.rng.chance(float64(p.Messy))
	return e
}

// shuffled returns the numbers 0 to n-1 in a drawn order.
func shuffled(r random, n int) []int {
	list := make([]int, n)
	for i := range list {
		j := r.below(i + 1)
		list[i], list[j] = list[j], i
	}
	return list
}

// A phase is a row of the labels.
type phase struct {
	name   string
	reason string
	from   float64 // seconds
	budget float64 // seconds that were planned
}

// newSchedule draws the phases of an episode and its length. One in sixteen fails to
// start its sample. In one in five the sample sleeps for a while, and in one in eight it
// runs longer.
func newSchedule(r random, usual float64, control bool) ([]phase, float64) {
	var list []phase
	at := 0.0
	add := func(name string, part float64) {
		budget := float64(float64(usual*part) * r.between(0.7, 1.3))
		reason := "scheduled"
		if name == channel.Failed {
			reason = pick(r, []string{"download_failed", "spawn_failed", "workload_exited"})
		}
		list = append(list, phase{name, reason, at, budget})
		at += budget + r.between(0, 0.05)
	}
	add(channel.Clean, 0.2)
	list[0].reason = "episode_start"
	if control {
		at += float64(float64(usual*0.75) * r.between(0.7, 1.3))
		list[0].budget = at
		return list, at
	}
	add(channel.Armed, 0.045)
	add(channel.Infecting, 0.065)
	switch {
	case r.chance(1.0 / 16):
		add(channel.Failed, 0.42)
		return list, at
	case r.chance(1.0 / 8):
		add(channel.Running, 0.9)
	case r.chance(1.0 / 5):
		add(channel.Running, 0.28)
		add(channel.Dormant, 0.14)
		add(channel.Running, 0.28)
	default:
		add(channel.Running, 0.53)
	}
	add(channel.Clean, 0.12)
	return list, at
}
