package synth

// The load that a program puts on a VM, per second unless said otherwise.
const (
	userTime   = iota // jiffies, 100 are one core
	sysTime           // jiffies
	waitTime          // jiffies waiting for the disk
	softTime          // jiffies in soft interrupts
	reads             // operations of the disk
	readBytes         // bytes
	writes            // operations of the disk
	writeBytes        // bytes
	out               // packets
	outBytes          // bytes
	in                // packets
	inBytes           // bytes
	syns              // TCP connections that it opens
	resets            // TCP resets
	udp               // packets among out and in
	dns               // queries among udp
	addresses         // distinct ones that it sends to in 0.1 s
	ports             // distinct ones that it sends to in 0.1 s
	heldMemory        // bytes, a level
	cached            // bytes that the page cache grows by
	switches          // context switches
	processes         // in the list of the busiest, a level
	listening         // ports, a level
	numEffects
)

// An effect is an amount of each load.
type effect [numEffects]float64

// add adds k times another effect.
func (e *effect) add(other *effect, k float64) {
	for i := range e {
		e[i] += float64(other[i] * k)
	}
}

// A program acts steadily, or in bursts if it has a period.
type program struct {
	name   string
	steady effect
	burst  effect
	period float64 // seconds from burst to burst
	length float64 // seconds of a burst
	jitter float64 // how much a period varies, as a part of it
}

// A profile is a family of samples.
type profile struct {
	name    string
	samples []program
}

const control = "control"

// profiles returns the families and their samples. The figures are of the same order as
// in the recorded corpus.
func profiles() []profile {
	return []profile{
		{"cpu-saturate", []program{
			{name: "mine-1", steady: effect{userTime: 92, sysTime: 2, processes: 1, heldMemory: 4e6}, burst: effect{out: 12, outBytes: 2400, in: 10, inBytes: 1500, syns: 3}, period: 8, length: 0.4},
			{name: "mine-2", steady: effect{userTime: 12, processes: 1, heldMemory: 16e6}, burst: effect{userTime: 72, sysTime: 2}, period: 1, length: 0.8, jitter: 0.1},
			{name: "mine-3", steady: effect{userTime: 170, sysTime: 5, processes: 2, heldMemory: 9e6}, burst: effect{out: 14, outBytes: 2800, in: 12, inBytes: 1800, syns: 4}, period: 4, length: 0.4},
		}},
		{"io-walk", []program{
			{name: "lock-1", steady: effect{userTime: 7, sysTime: 22, waitTime: 9, reads: 20, readBytes: 3e5, writes: 60, writeBytes: 6e5, cached: 3e5, switches: 90, processes: 1, heldMemory: 2e6}},
			{name: "fill-2", steady: effect{sysTime: 14, waitTime: 14, writes: 12, writeBytes: 8e5, cached: 7e5, processes: 1, switches: 40}, burst: effect{reads: 60, readBytes: 2e5, sysTime: 20}, period: 5, length: 1.5, jitter: 0.3},
			{name: "walk-3", burst: effect{userTime: 9, sysTime: 30, waitTime: 12, reads: 90, readBytes: 9e5, writes: 20, writeBytes: 2e5, cached: 5e5, switches: 70}, steady: effect{processes: 1}, period: 6, length: 3, jitter: 0.2},
		}},
		{"bursty-c2", []program{
			{name: "beat-1", burst: effect{userTime: 3, sysTime: 2, out: 10, outBytes: 1500, in: 4, inBytes: 600, udp: 14, addresses: 1, ports: 1}, period: 7, length: 0.3, jitter: 0.2, steady: effect{processes: 1}},
			{name: "beat-2", burst: effect{userTime: 6, sysTime: 4, out: 22, outBytes: 3600, in: 18, inBytes: 2400, syns: 4, addresses: 1, ports: 1}, period: 4, length: 0.3, jitter: 0.5, steady: effect{processes: 1}},
			{name: "name-3", burst: effect{userTime: 4, sysTime: 2, out: 10, outBytes: 2200, in: 10, inBytes: 2600, udp: 20, dns: 10, addresses: 1, ports: 1}, period: 9, length: 0.3, jitter: 0.3, steady: effect{processes: 1}},
		}},
		{"low-and-slow", []program{
			{name: "drip-1", steady: effect{userTime: 1.5, processes: 1, heldMemory: 2e6}, burst: effect{userTime: 7, sysTime: 5, heldMemory: 8e6, switches: 20}, period: 5, length: 1.5, jitter: 0.1},
			{name: "drip-2", steady: effect{userTime: 3, processes: 1, heldMemory: 3e6}, burst: effect{userTime: 8, sysTime: 7, heldMemory: 14e6, out: 2, outBytes: 150, udp: 2, dns: 2}, period: 3, length: 0.9, jitter: 0.1},
			{name: "grow-3", steady: effect{userTime: 2, sysTime: 2, processes: 1, heldMemory: 16e6}, burst: effect{sysTime: 9, heldMemory: 5e6}, period: 2.5, length: 0.4},
		}},
		{"scan-and-dial", []program{
			{name: "scan-1", steady: effect{userTime: 4, sysTime: 8, softTime: 2, out: 38, outBytes: 2600, in: 14, inBytes: 900, syns: 34, resets: 6, addresses: 3, ports: 1.5, switches: 60, processes: 1}},
			{name: "scan-2", steady: effect{userTime: 2, sysTime: 4, softTime: 1, out: 12, outBytes: 800, in: 5, inBytes: 300, syns: 10, resets: 2, addresses: 1, ports: 1, switches: 20, processes: 1}},
			{name: "sweep-3", burst: effect{userTime: 8, sysTime: 18, softTime: 4, out: 160, outBytes: 9900, in: 40, inBytes: 2600, syns: 150, resets: 20, addresses: 14, ports: 5, switches: 90}, period: 4, length: 0.4, jitter: 0.1, steady: effect{processes: 1}},
		}},
		{"shell-resident", []program{
			{name: "shell-1", steady: effect{processes: 1}, burst: effect{userTime: 12, sysTime: 10, out: 9, outBytes: 1600, in: 8, inBytes: 700, processes: 2, switches: 30}, period: 3, length: 0.4, jitter: 0.3},
			{name: "tick-2", steady: effect{processes: 1}, burst: effect{userTime: 2, sysTime: 1, out: 4, outBytes: 320, in: 4, inBytes: 280}, period: 1, length: 0.2},
			{name: "bind-3", steady: effect{processes: 1, listening: 1}, burst: effect{userTime: 9, sysTime: 9, out: 8, outBytes: 1900, in: 9, inBytes: 700, processes: 1, switches: 30}, period: 4, length: 0.4, jitter: 0.3},
		}},
		{control, []program{
			{name: "idle"},
			{name: "build", steady: effect{userTime: 55, sysTime: 14, processes: 3, heldMemory: 12e6, cached: 2e5, writes: 4, writeBytes: 6e4, switches: 60}, burst: effect{userTime: 20, waitTime: 8, reads: 30, readBytes: 3e5}, period: 6, length: 2, jitter: 0.4},
			{name: "backup", steady: effect{userTime: 10, sysTime: 18, waitTime: 10, reads: 40, readBytes: 7e5, writes: 14, writeBytes: 4e5, cached: 6e5, processes: 1}},
			{name: "monitor", burst: effect{userTime: 6, sysTime: 8, out: 30, outBytes: 2400, in: 24, inBytes: 2000, syns: 14, resets: 3, udp: 4, dns: 2, addresses: 4, ports: 2}, period: 5, length: 0.8, jitter: 0.3, steady: effect{processes: 1}},
			{name: "update", steady: effect{userTime: 9, sysTime: 7, in: 160, inBytes: 2.1e5, out: 40, outBytes: 2900, writes: 6, writeBytes: 3e5, cached: 3e5, softTime: 2, syns: 0.3, addresses: 1, ports: 1, processes: 2}},
		}},
	}
}

// dailyPrograms are what a VM also runs, in every phase.
func dailyPrograms() []program {
	return []program{
		{name: "web", burst: effect{userTime: 14, sysTime: 10, out: 24, outBytes: 6000, in: 20, inBytes: 2600, addresses: 1, ports: 1}, period: 2, length: 0.3, jitter: 0.4},
		{name: "cron", burst: effect{userTime: 30, sysTime: 22, writes: 4, writeBytes: 3e4, processes: 1, switches: 30}, period: 10, length: 0.6, jitter: 0.3},
		{name: "names", burst: effect{out: 3, outBytes: 220, in: 3, inBytes: 400, udp: 6, dns: 3, addresses: 1, ports: 1}, period: 4, length: 0.2, jitter: 0.6},
		{name: "log", steady: effect{sysTime: 1, writes: 1, writeBytes: 9000, cached: 2000}},
		{name: "ping", burst: effect{out: 10, outBytes: 980, in: 10, inBytes: 980, addresses: 1}, period: 1, length: 0.1},
	}
}

// idle is the VM with its agent and nothing else.
func idle() effect {
	return effect{userTime: 3, sysTime: 6, softTime: 0.4, out: 0.8, outBytes: 80, in: 0.8, inBytes: 90, syns: 0.02, switches: 70, processes: 4, heldMemory: 3e7}
}

// arming and fetching are how a sample gets into the VM, the same for all samples.
func arming() program {
	return program{name: "arming", steady: effect{userTime: 3, sysTime: 8, out: 3, outBytes: 260, in: 3.4, inBytes: 900, syns: 0.5, udp: 0.4, dns: 0.2, addresses: 0.5, ports: 0.5, processes: 1},
		burst: effect{userTime: 6, sysTime: 22, processes: 1, switches: 30}, period: 0.6, length: 0.3, jitter: 0.4}
}

func fetching() program {
	return program{name: "fetching", steady: effect{userTime: 8, sysTime: 24, softTime: 6, waitTime: 1, out: 34, outBytes: 2600, in: 520, inBytes: 7.2e5, syns: 0.5, writes: 18, writeBytes: 1.2e6, cached: 1.1e6, addresses: 1, ports: 1, switches: 80, processes: 2}}
}
