package synth

import "fmt"

// A host is a machine that records VMs.
type host struct {
	number int
	name   string

	vcpus   int
	memory  int64
	speed   float64 // work per jiffy, 1 is usual
	unrest  float64 // how much its load varies
	guestHz int     // 5, 8 or 10 rows a second
	qmpHz   int
	kvm     bool  // kvm_stats exist
	rounded bool  // netflow's wall clock is rounded down to seconds
	offload bool  // few large packets
	lagNs   int64 // the guest's clock behind the host's, at most; it drifts to half of that and back
	bootNs  int64 // the host's own boot, Unix ns
	ports   []int
	daemons []string
}

func hostName(number int) string { return fmt.Sprintf("sim-%02d", number) }

// newHost draws a machine. Its random numbers depend on the seed and its name only, so
// adding hosts or episodes changes no other machine. The order of the draws is part of
// the bytes that this kind makes.
func newHost(p Params, number int) host {
	h := host{number: number, name: hostName(number)}
	r := newRandom("host %d %s", p.Seed, h.name)
	h.vcpus = 1 + r.below(2)
	h.memory = int64(128+64*r.below(7)) << 20
	h.speed = r.between(0.6, 1.6)
	h.unrest = r.between(0.3, 1)
	h.guestHz = pick(r, []int{10, 10, 10, 8, 5})
	h.qmpHz = pick(r, []int{1, 1, 2})
	h.kvm = r.chance(0.5)
	h.rounded = r.chance(0.75)
	h.offload = r.chance(0.25)
	if r.chance(0.25) {
		h.lagNs = int64(r.between(2e7, 4e8))
	}
	h.bootNs = epochNs - int64(r.between(1e12, 1e15))
	for _, port := range []int{22, 23, 53, 80, 111, 514, 8080} {
		if r.chance(0.35) {
			h.ports = append(h.ports, port)
		}
	}
	for _, name := range []string{"syslogd", "httpd", "crond", "telnetd", "statusd"} {
		if r.chance(0.5) {
			h.daemons = append(h.daemons, name)
		}
	}
	return h
}
