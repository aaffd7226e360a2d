// Package channel says what is measured in an episode and what the columns made of it
// mean: the 46 channels, the names of features, the phases of a recording, the cures of
// the original's quirks, and the hash of all that.
//
// Call [All] for the channels and read them first: their order is the contract that every
// table, model and checkpoint relies on. [Phases] are the classes of windows, [Cures] what
// can be put right, a [Schema] what it all means.
package channel

import "math"

// A Source is one of the four recorders of an episode.
type Source uint8

// The sources, in the order of their channels.
const (
	Proc    Source = iota // the host's view of the VM process
	Guest                 // the agent inside the guest
	QMP                   // the QEMU monitor
	Netflow               // the packet capture on the VM's bridge
)

// NumSources is the number of sources.
const NumSources = 4

var sources = [NumSources]struct{ name, entry string }{
	{"proc", "telemetry-proc.jsonl"},
	{"guest", "telemetry-guest.jsonl"},
	{"qmp", "telemetry-qmp.jsonl"},
	{"netflow", "netflow.jsonl"},
}

// String returns the source's name, as in "guest.load_1m".
func (s Source) String() string { return sources[s].name }

// Entry returns the name of the source's entry in an episode.
func (s Source) Entry() string { return sources[s].entry }

// Deployed reports whether the source exists where a model is deployed: the
// guest's agent and the network do, the host's own view does not.
func (s Source) Deployed() bool { return s == Guest || s == Netflow }

// A Kind says how the samples of a channel become a series.
type Kind uint8

// The kinds of channel.
const (
	Level   Kind = iota // the samples are the series
	Counter             // the series is the rate between samples, per second
)

// A Form says what the value of a channel is in a row.
type Form uint8

// The forms of a value.
const (
	Number Form = iota // a number
	First              // the first element of a list of numbers
	Length             // how long a list is
)

// AbsentLength is the length of a list that a row lacks. It is -0: equal to the 0 that the
// original counts, but the sign marks the list as absent.
func AbsentLength() float64 { return math.Copysign(0, -1) }

// IsAbsent reports whether a length is [AbsentLength].
func IsAbsent(length float64) bool { return length == 0 && math.Signbit(length) }

// A Channel is one measured quantity of an episode.
type Channel struct {
	Name   string // "<source>.<quantity>", the prefix of its features' names
	Source Source
	Kind   Kind
	Path   string // where a row of the source holds it: "net.eth0.rx_bytes"
	Unit   string // of a sample; a counter's series is in this unit per second
	About  string // what it measures, for people

	// Optional channels are absent from a whole recording for good reasons.
	Optional bool
	// MayFall marks a counter that decreases in healthy recordings too.
	MayFall bool

	Form Form // of the value at Path
}

// Count is the number of channels.
const Count = len(channels)

// All returns the registry. The order is the contract: columns of feature
// matrices, rows of tensors and the hash of a [Schema] follow it.
func All() [Count]Channel { return channels }

// At returns a channel by its index in the registry.
func At(i int) Channel { return channels[i] }

const (
	perThread = "summed over live threads by some recorders, so it falls when a thread ends"
	kvmOnly   = "null without KVM"
)

// channels is never written to.
var channels = [...]Channel{
	{Name: "proc.cpu_user_jiffies", Source: Proc, Kind: Counter, Path: "cpu_user_jiffies", Unit: "jiffies", About: "user CPU time of the VM process"},
	{Name: "proc.cpu_sys_jiffies", Source: Proc, Kind: Counter, Path: "cpu_sys_jiffies", Unit: "jiffies", About: "system CPU time of the VM process"},
	{Name: "proc.rss_bytes", Source: Proc, Path: "rss_bytes", Unit: "bytes", About: "resident memory of the VM process"},
	{Name: "proc.vsize_bytes", Source: Proc, Path: "vsize_bytes", Unit: "bytes", About: "virtual memory of the VM process"},
	{Name: "proc.io_read_bytes", Source: Proc, Kind: Counter, Path: "io_read_bytes", Unit: "bytes", About: "read from block devices by the VM process"},
	{Name: "proc.io_write_bytes", Source: Proc, Kind: Counter, Path: "io_write_bytes", Unit: "bytes", About: "written to block devices by the VM process"},
	{Name: "proc.voluntary_ctxsw", Source: Proc, Kind: Counter, Path: "voluntary_ctxsw", Unit: "switches", About: "voluntary context switches; " + perThread, MayFall: true},
	{Name: "proc.involuntary_ctxsw", Source: Proc, Kind: Counter, Path: "involuntary_ctxsw", Unit: "switches", About: "involuntary context switches; " + perThread, MayFall: true},
	{Name: "proc.minor_faults", Source: Proc, Kind: Counter, Path: "minor_faults", Unit: "faults", About: "page faults served from memory"},
	{Name: "proc.major_faults", Source: Proc, Kind: Counter, Path: "major_faults", Unit: "faults", About: "page faults served from disk"},

	{Name: "guest.cpu_user", Source: Guest, Kind: Counter, Path: "cpu_total_jiffies.user", Unit: "jiffies", About: "guest CPU time in user mode"},
	{Name: "guest.cpu_sys", Source: Guest, Kind: Counter, Path: "cpu_total_jiffies.system", Unit: "jiffies", About: "guest CPU time in the kernel"},
	{Name: "guest.cpu_idle", Source: Guest, Kind: Counter, Path: "cpu_total_jiffies.idle", Unit: "jiffies", About: "guest CPU time idle"},
	{Name: "guest.cpu_iowait", Source: Guest, Kind: Counter, Path: "cpu_total_jiffies.iowait", Unit: "jiffies", About: "guest CPU time waiting for I/O"},
	{Name: "guest.cpu_softirq", Source: Guest, Kind: Counter, Path: "cpu_total_jiffies.softirq", Unit: "jiffies", About: "guest CPU time in soft interrupts"},
	{Name: "guest.load_1m", Source: Guest, Path: "load_1m_5m_15m", Unit: "processes", About: "load average over one minute", Form: First},
	{Name: "guest.mem_available", Source: Guest, Path: "mem_available_bytes", Unit: "bytes", About: "memory available in the guest"},
	{Name: "guest.mem_buffers", Source: Guest, Path: "mem_buffers_bytes", Unit: "bytes", About: "guest memory in block buffers"},
	{Name: "guest.mem_cached", Source: Guest, Path: "mem_cached_bytes", Unit: "bytes", About: "guest memory in the page cache"},
	{Name: "guest.swap_used", Source: Guest, Path: "swap_used_bytes", Unit: "bytes", About: "swap used in the guest"},
	{Name: "guest.eth0_rx_bytes", Source: Guest, Kind: Counter, Path: "net.eth0.rx_bytes", Unit: "bytes", About: "received by the guest's interface"},
	{Name: "guest.eth0_tx_bytes", Source: Guest, Kind: Counter, Path: "net.eth0.tx_bytes", Unit: "bytes", About: "sent by the guest's interface"},
	{Name: "guest.eth0_rx_pkts", Source: Guest, Kind: Counter, Path: "net.eth0.rx_pkts", Unit: "packets", About: "received by the guest's interface"},
	{Name: "guest.eth0_tx_pkts", Source: Guest, Kind: Counter, Path: "net.eth0.tx_pkts", Unit: "packets", About: "sent by the guest's interface"},
	{Name: "guest.n_listen_ports", Source: Guest, Path: "listen_ports", Unit: "ports", About: "ports that the guest listens on", Form: Length},
	{Name: "guest.n_top_procs", Source: Guest, Path: "top_procs", Unit: "processes", About: "length of the agent's list of busiest processes", Form: Length},

	{Name: "qmp.virtio0_rd_ops", Source: QMP, Kind: Counter, Path: "blockstats.virtio0.rd_ops", Unit: "operations", About: "reads of the VM's disk"},
	{Name: "qmp.virtio0_wr_ops", Source: QMP, Kind: Counter, Path: "blockstats.virtio0.wr_ops", Unit: "operations", About: "writes to the VM's disk"},
	{Name: "qmp.virtio0_rd_bytes", Source: QMP, Kind: Counter, Path: "blockstats.virtio0.rd_bytes", Unit: "bytes", About: "read from the VM's disk"},
	{Name: "qmp.virtio0_wr_bytes", Source: QMP, Kind: Counter, Path: "blockstats.virtio0.wr_bytes", Unit: "bytes", About: "written to the VM's disk"},
	{Name: "qmp.kvm_tlb_flush", Source: QMP, Kind: Counter, Path: "kvm_stats.remote_tlb_flush", Unit: "flushes", About: "remote TLB flushes; " + kvmOnly, Optional: true},
	{Name: "qmp.kvm_pages_4k", Source: QMP, Path: "kvm_stats.pages_4k", Unit: "pages", About: "4 KiB pages mapped; " + kvmOnly, Optional: true},
	{Name: "qmp.kvm_pages_2m", Source: QMP, Path: "kvm_stats.pages_2m", Unit: "pages", About: "2 MiB pages mapped; " + kvmOnly, Optional: true},

	{Name: "netflow.pkts_in", Source: Netflow, Path: "pkts_in", Unit: "packets", About: "packets to the guest in a bucket"},
	{Name: "netflow.pkts_out", Source: Netflow, Path: "pkts_out", Unit: "packets", About: "packets from the guest in a bucket"},
	{Name: "netflow.bytes_in", Source: Netflow, Path: "bytes_in", Unit: "bytes", About: "whole frames to the guest in a bucket"},
	{Name: "netflow.bytes_out", Source: Netflow, Path: "bytes_out", Unit: "bytes", About: "whole frames from the guest in a bucket"},
	{Name: "netflow.syn_count", Source: Netflow, Path: "syn_count", Unit: "packets", About: "TCP SYN without ACK in a bucket"},
	{Name: "netflow.fin_count", Source: Netflow, Path: "fin_count", Unit: "packets", About: "TCP FIN in a bucket"},
	{Name: "netflow.rst_count", Source: Netflow, Path: "rst_count", Unit: "packets", About: "TCP RST in a bucket"},
	{Name: "netflow.udp_count", Source: Netflow, Path: "udp_count", Unit: "packets", About: "UDP packets in a bucket"},
	{Name: "netflow.tcp_count", Source: Netflow, Path: "tcp_count", Unit: "packets", About: "TCP packets in a bucket"},
	{Name: "netflow.dns_query_count", Source: Netflow, Path: "dns_query_count", Unit: "packets", About: "DNS queries in a bucket"},
	{Name: "netflow.unique_dst_ips", Source: Netflow, Path: "unique_dst_ips", Unit: "addresses", About: "distinct addresses that the guest sent to in a bucket"},
	{Name: "netflow.unique_dst_ports", Source: Netflow, Path: "unique_dst_ports", Unit: "ports", About: "distinct ports that the guest sent to in a bucket"},
	{Name: "netflow.tcp_new_flows", Source: Netflow, Path: "tcp_new_flows", Unit: "flows", About: "TCP flows first seen in a bucket"},
}

// Columns returns which channels of the registry, [from, to), are a source's.
// Their order is that of the columns of its table.
func Columns(s Source) (from, to int) {
	for i, c := range channels {
		if c.Source < s {
			from = i + 1
		}
		if c.Source <= s {
			to = i + 1
		}
	}
	return from, to
}
