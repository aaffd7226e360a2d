package synth

import "strconv"

// rows are the lines of one source.
type rows struct {
	buf []byte
	n   int
}

func (r *rows) reset() { r.buf, r.n = r.buf[:0], 0 }

// text and number append a piece of a row: a literal, and a literal with a number after
// it.
func (r *rows) text(s string) { r.buf = append(r.buf, s...) }

func (r *rows) number(before string, n int64) {
	r.buf = append(r.buf, before...)
	r.buf = strconv.AppendInt(r.buf, n, 10)
}

// begin starts a row with its clocks; end completes it.
func (r *rows) begin(mono, wall int64, source string) {
	r.number(`{"t_mono_ns":`, mono)
	r.number(`,"t_wall_ns":`, wall)
	r.text(`,"source":"`)
	r.text(source)
}

func (r *rows) end(s string) {
	r.text(s)
	r.buf = append(r.buf, '\n')
	r.n++
}

func (r *rows) proc(v *vm, mono, wall int64) {
	r.begin(mono, wall, `host_proc","available_in_deployment":false`)
	r.number(`,"cpu_user_jiffies":`, v.host[0])
	r.number(`,"cpu_sys_jiffies":`, v.host[1])
	r.number(`,"rss_bytes":`, v.rss)
	r.number(`,"vsize_bytes":`, v.vsize)
	r.number(`,"io_read_bytes":`, v.io[0])
	r.number(`,"io_write_bytes":`, v.io[1])
	r.number(`,"voluntary_ctxsw":`, v.ctx[0])
	r.number(`,"involuntary_ctxsw":`, v.ctx[1])
	r.number(`,"minor_faults":`, v.faults[0])
	r.number(`,"major_faults":`, v.faults[1])
	r.end("}")
}

// guest writes one line of the guest agent. Keys and their order are those of the
// corpus.
func (r *rows) guest(v *vm, mono, wall int64) {
	r.begin(mono, wall, `guest_agent","available_in_deployment":true`)
	r.number(`,"cpu_total_jiffies":{"user":`, v.cpu[0])
	r.number(`,"nice":0,"system":`, v.cpu[1])
	r.number(`,"idle":`, v.idle)
	r.number(`,"iowait":`, v.cpu[2])
	r.number(`,"irq":0,"softirq":`, v.cpu[3])
	r.text(`,"steal":0},"load_1m_5m_15m":[`)
	r.hundredths(v.load)
	r.text(",")
	r.hundredths(v.load * 0.5)
	r.text(",")
	r.hundredths(v.load * 0.2)
	r.number(`],"mem_total_bytes":`, v.e.host.memory/10*9)
	r.number(`,"mem_available_bytes":`, v.available())
	r.number(`,"mem_buffers_bytes":`, v.buffers)
	r.number(`,"mem_cached_bytes":`, v.cache)
	r.number(`,"swap_used_bytes":0,"net":{"eth0":{"rx_bytes":`, v.net[1])
	r.number(`,"tx_bytes":`, v.net[3])
	r.number(`,"rx_pkts":`, v.net[0])
	r.number(`,"tx_pkts":`, v.net[2])
	r.text(`}},"listen_ports":[`)
	r.ports(v)
	r.text(`],"top_procs":[`)
	r.processes(v)
	r.end("]}")
}

// hundredths appends a number as the kernel prints a load.
func (r *rows) hundredths(x float64) { r.buf = strconv.AppendFloat(r.buf, x, 'f', 2, 64) }

func (r *rows) ports(v *vm) {
	comma := ""
	for _, p := range v.e.host.ports {
		r.number(comma, int64(p))
		comma = ","
	}
	if v.now[listening] > 0.3 {
		r.number(comma, 31337)
	}
}

// processes appends the busiest processes: the agent, the daemons, and whatever runs.
func (r *rows) processes(v *vm) {
	one := func(before string, pid int, name string, cpu, rss int64) {
		r.number(before+`{"pid":`, int64(pid))
		r.text(`,"comm":"` + name)
		r.number(`","cpu_jiffies":`, cpu)
		r.number(`,"rss_bytes":`, rss)
		r.text("}")
	}
	one("", 91, "guest-agent", v.cpu[1]/2, 7655424)
	one(",", 1, "init", 224, 4022272)
	for i, name := range v.e.host.daemons {
		one(",", 88+i, name, v.cpu[0]/int64(40*(i+1)), 1564672)
	}
	for i := range min(6, int(v.now[processes]+0.5)-idleProcesses) {
		one(",", 500+13*v.phase+i, "worker", v.cpu[0]/int64(3*(i+1)), 4096*(100+int64(v.held/8192)))
	}
}

// idleProcesses of idle are the agent, init and their like.
const idleProcesses = 4

func (r *rows) qmp(v *vm, mono, wall int64) {
	r.begin(mono, wall, `host_qmp","available_in_deployment":false,"vm_status":"running","vm_running":true`)
	r.number(`,"blockstats":{"virtio0":{"rd_ops":`, v.disk[0])
	r.number(`,"wr_ops":`, v.disk[2])
	r.number(`,"rd_bytes":`, v.disk[1])
	r.number(`,"wr_bytes":`, v.disk[3])
	if !v.e.host.kvm {
		r.end(`}},"kvm_stats":null}`)
		return
	}
	r.number(`}},"kvm_stats":{"remote_tlb_flush":`, v.flushes)
	r.number(`,"pages_4k":`, v.pages[0])
	r.number(`,"pages_2m":`, v.pages[1])
	r.end("}}")
}

// netflow writes one bucket of the bridge's packet counter. Keys and their order are
// those of the corpus.
func (r *rows) netflow(v *vm, mono, wall int64) {
	f := &v.flow
	r.begin(mono, wall, `bridge_pcap","available_in_deployment":true,"bucket_ms":100`)
	r.number(`,"pkts_in":`, f.in)
	r.number(`,"pkts_out":`, f.out)
	r.number(`,"bytes_in":`, f.inBytes)
	r.number(`,"bytes_out":`, f.outBytes)
	r.number(`,"syn_count":`, f.syn)
	r.number(`,"fin_count":`, f.fin)
	r.number(`,"rst_count":`, f.rst)
	r.number(`,"udp_count":`, f.udp)
	r.number(`,"tcp_count":`, f.tcp)
	r.number(`,"dns_query_count":`, f.dns)
	r.number(`,"unique_dst_ips":`, f.addresses)
	r.number(`,"unique_dst_ports":`, f.ports)
	r.number(`,"tcp_new_flows":`, f.syn)
	r.end("}")
}
