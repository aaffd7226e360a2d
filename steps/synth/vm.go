package synth

import "assay/steps/kit/channel"

import "math"

// A vm is the state of a virtual machine while an episode is played: counters
// since its boot and levels.
type vm struct {
	e   *plan
	rng random

	now    effect    // what happened in the last tick; levels as they are
	phase  int       // index into the schedule
	active []process // what runs beside the schedule's own

	cpu     [4]int64 // user, system, iowait, softirq jiffies in the guest
	idle    int64
	host    [2]int64 // user and system jiffies of the VM's process
	ctx     [2]int64 // voluntary and involuntary switches
	faults  [2]int64 // minor and major
	disk    [4]int64 // reads, their bytes, writes, their bytes
	io      [2]int64 // bytes read and written by the process
	net     [4]int64 // in packets, in bytes, out packets, out bytes
	flushes int64    // of the TLB
	pages   [2]int64 // of 4 KiB and of 2 MiB

	rss, vsize, cache, buffers int64
	held, load, unrest         float64
	flow                       flow
}

// A flow is one bucket of the network recorder.
type flow struct{ in, out, inBytes, outBytes, syn, fin, rst, udp, tcp, dns, addresses, ports int64 }

// A process is a program at work.
type process struct {
	program
	k    float64 // how strongly
	next float64 // when the next burst begins, seconds
	end  float64 // when the last one ends
}

// newVM draws the values of the counters when the episode begins: the later in its boot,
// the higher. The order of the draws is part of the bytes that this kind makes.
func newVM(e *plan) *vm {
	v := &vm{e: e, rng: e.rng}
	old := func(lo, hi float64) int64 { return int64(v.rng.between(lo, hi) * (1 + float64(e.slot))) }
	for i := range v.cpu {
		v.cpu[i] = old(20, 900)
	}
	v.idle = old(500, 3000)
	for i := range 2 {
		v.host[i], v.ctx[i], v.faults[i] = old(200, 3000), old(1e4, 6e4), old(20, 4000)
		v.io[i] = old(1e6, 2e7) &^ 4095
	}
	for i := range v.disk {
		v.disk[i] = old(20, 90)
	}
	v.disk[1], v.disk[3] = v.disk[1]*9216, v.disk[3]*6144
	for i := range v.net {
		v.net[i] = old(200, 2000)
	}
	v.net[1], v.net[3] = v.net[1]*700, v.net[3]*110
	v.flushes, v.pages = old(100, 9000), [2]int64{old(9e3, 4e4), old(20, 150)}
	v.rss = int64(v.rng.between(0.3, 0.6)*float64(e.host.memory))&^4095 + 90<<20
	v.vsize = e.host.memory + int64(v.rng.between(6e8, 9e8))&^4095
	v.cache, v.buffers = old(4e6, 9e6)&^4095, old(5e4, 2e5)&^4095
	v.load = v.rng.between(0.05, 0.9)
	for _, p := range e.daily {
		v.active = append(v.active, process{program: p, k: v.rng.between(0.5, 1.4), next: v.rng.between(0, 3)})
	}
	v.active = append(v.active, process{}) // the schedule's own
	v.enter(0)
	return v
}

// enter starts a phase.
func (v *vm) enter(i int) {
	v.phase = i
	p := &v.active[len(v.active)-1]
	e, from := v.e, v.e.schedule[i].from
	*p = process{k: e.force, next: from + v.rng.unit()}
	switch e.schedule[i].name {
	case channel.Armed:
		p.program = arming()
	case channel.Infecting:
		p.program = fetching()
	case channel.Running:
		p.program = e.sample
	case channel.Dormant:
		p.program = program{steady: effect{processes: 1, heldMemory: e.sample.steady[heldMemory]}}
	case channel.Clean:
		if e.control {
			p.program = e.sample
		}
	}
}

// effects returns the load per second at a time.
func (v *vm) effects(t float64) effect {
	now := idle()
	for i := range v.active {
		p := &v.active[i]
		now.add(&p.steady, p.k)
		if p.period == 0 {
			continue
		}
		if t >= p.next {
			p.end = p.next + p.length
			p.next += float64(p.period * (1 + float64(p.jitter*v.rng.between(-1, 1))))
		}
		if t < p.end {
			now.add(&p.burst, p.k)
		}
	}
	return now
}

// step plays tick i.
func (v *vm) step(i int) {
	t := float64(i) * tick
	for v.phase+1 < len(v.e.schedule) && v.e.schedule[v.phase+1].from <= t {
		v.enter(v.phase + 1)
	}
	v.now = v.effects(t)
	v.unrest = float64(0.93*v.unrest) + float64(0.35*v.rng.noise())
	v.work(&v.now)
	v.transfer(&v.now)
	v.remember(&v.now)
}

// work adds to the counters of processor time.
func (v *vm) work(now *effect) {
	h := &v.e.host
	full := float64(100 * h.vcpus)
	noisy := max(0.4, 1+float64(float64(0.25*v.unrest)*h.unrest)) / h.speed
	var want [4]float64
	sum := 0.0
	for k, kind := range []int{userTime, sysTime, waitTime, softTime} {
		want[k] = float64(now[kind] * noisy)
		sum += want[k]
	}
	scale := min(1, full/max(sum, 1))
	left := int64(10 * h.vcpus)
	var used int64
	for k := range want {
		n := min(left, v.rng.count(want[k]*scale*tick))
		v.cpu[k] += n
		left -= n
		if k != 2 {
			used += n
		}
	}
	v.idle += left
	v.load += float64((sum/100 - v.load) * 0.00166528)
	busy := float64(used)
	v.host[0] += v.rng.count(float64(busy*0.8) + 0.3)
	v.host[1] += v.rng.count(float64(busy*0.2) + 0.2)
	v.ctx[0] += v.rng.count(float64((now[switches]+float64(now[out]*2)+60)*tick) + busy)
	v.ctx[1] += v.rng.count(float64(busy*3) + float64(4*max(0, v.unrest)))
	v.faults[0] += v.rng.count(1 + float64(busy*0.2))
	v.faults[1] += v.rng.count(0.002)
	v.flushes += v.rng.count(float64(busy * 1.5))
}

// transfer adds to the counters of disk and network.
func (v *vm) transfer(now *effect) {
	perTick := func(kind int) float64 { return now[kind] * tick }
	for k, kind := range []int{reads, writes} {
		n := v.rng.count(perTick(kind))
		size := now[kind+1] / max(now[kind], 1e-9)
		bytes := int64(float64(float64(n)*size)*v.rng.between(0.7, 1.3)) &^ 511
		v.disk[2*k] += n
		v.disk[2*k+1] += bytes
		v.io[k] += (bytes + 4095) &^ 4095
	}
	f := &v.flow
	join := 1.0
	if v.e.host.offload {
		join = 0.4 // several packets travel as one
	}
	f.in, f.out = v.rng.count(perTick(in)*join), v.rng.count(perTick(out)*join)
	f.inBytes = int64(float64(float64(f.in)*now[inBytes]) / max(now[in]*join, 1e-9) * v.rng.between(0.8, 1.2))
	f.outBytes = int64(float64(float64(f.out)*now[outBytes]) / max(now[out]*join, 1e-9) * v.rng.between(0.8, 1.2))
	f.syn = min(f.out, v.rng.count(perTick(syns)))
	f.fin = min(f.out, v.rng.count(perTick(syns)*0.8))
	f.rst = min(f.in+f.out, v.rng.count(perTick(resets)))
	f.udp = min(f.in+f.out, v.rng.count(perTick(udp)))
	f.tcp = f.in + f.out - f.udp
	f.dns = min(f.udp, f.out, v.rng.count(perTick(dns)))
	f.addresses, f.ports = 0, 0
	if f.out > 0 {
		f.addresses = min(f.out, 1+v.rng.count(now[addresses]-1))
		f.ports = min(f.out, 1+v.rng.count(now[ports]-1))
	}
	for k, n := range []int64{f.in, f.inBytes, f.out, f.outBytes} {
		v.net[k] += n
	}
}

// remember changes the levels of memory.
func (v *vm) remember(now *effect) {
	v.held += float64((now[heldMemory] - v.held) * 0.3)
	v.cache = min(v.cache+v.rng.count(now[cached]*tick/4096)*4096, v.e.host.memory/3)
	if v.phase > 0 && v.e.schedule[v.phase].name == channel.Clean && v.cache > 8<<20 {
		v.cache -= 64 << 10 // files of the sample are removed
	}
	v.buffers += v.rng.count(now[writes]*tick/8) * 4096
	v.rss += (v.rng.count(1.2+float64(now[writes]*tick/4)) - 1) * 4096
	v.pages[0] += v.rng.count(0.3)
}

// available is the memory that the guest could still use, in bytes.
func (v *vm) available() int64 {
	used := v.held + float64(math.Abs(v.unrest)*2e5)
	return max(1<<20, int64(float64(float64(v.e.host.memory)*0.9)-used)) &^ 4095
}
