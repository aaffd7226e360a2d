package validate

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// A recording is a made-up episode that tests damage before it is packed: 50 s,
// three sources at 5 Hz, one at 1 Hz.
type recording struct {
	meta    map[string]any
	labels  []map[string]any
	rows    map[string][]map[string]any // by entry
	extra   map[string]string           // entries as they are; they replace made ones
	missing []string                    // entries left out
}

const (
	zero    = 1795323974892115984
	aHost   = "host-a"
	anID    = "EPISODE"
	aFile   = aHost + "/" + anID + ".tar.zst"
	proc    = "telemetry-proc.jsonl"
	guest   = "telemetry-guest.jsonl"
	qmp     = "telemetry-qmp.jsonl"
	netflow = "netflow.jsonl"
)

func newRecording() *recording {
	r := &recording{rows: map[string][]map[string]any{}, extra: map[string]string{"events.jsonl": "", "done": ""}}
	result := map[string]any{"duration_observed_s": 50.2, "phases_observed": []string{"clean", "armed", "clean"},
		"rows_proc": 250, "rows_guest": 250, "rows_qmp": 50, "rows_netflow": 250}
	r.meta = map[string]any{"schema_version": 1, "episode_id": anID, "host_id": aHost, "result": result,
		"sample": map[string]any{"profile": "io-walk", "name": "fill-b", "kind": "synth", "sha256": nil},
		"host":   map[string]any{"vm_uptime_at_start_s": 4.5}}
	prev := any(nil)
	for i, phase := range []string{"clean", "armed", "clean"} {
		r.labels = append(r.labels, stamped(float64(i)*12, map[string]any{"phase": phase, "prev": prev, "reason": "scheduled"}))
		prev = phase
	}
	for i := range 250 {
		n := 1000 + i
		r.add(proc, i, 5, map[string]any{"cpu_user_jiffies": n, "cpu_sys_jiffies": n, "rss_bytes": 5, "vsize_bytes": 6, "io_read_bytes": 0,
			"io_write_bytes": n, "voluntary_ctxsw": n, "involuntary_ctxsw": n, "minor_faults": n, "major_faults": 0})
		r.add(guest, i, 5, map[string]any{"cpu_total_jiffies": map[string]any{"user": n, "system": n, "idle": n, "iowait": 0, "softirq": n},
			"load_1m_5m_15m": []float64{0.5, 0.1, 0.1}, "mem_available_bytes": 1, "mem_buffers_bytes": 1, "mem_cached_bytes": 1, "swap_used_bytes": 0,
			"net":          map[string]any{"eth0": map[string]any{"rx_bytes": n, "tx_bytes": n, "rx_pkts": n, "tx_pkts": n}},
			"listen_ports": []int{80}, "top_procs": []int{}})
		r.add(netflow, i, 5, map[string]any{"pkts_in": 1, "pkts_out": 1, "bytes_in": 1, "bytes_out": 1, "syn_count": 0, "fin_count": 0, "rst_count": 0,
			"udp_count": 0, "tcp_count": 1, "dns_query_count": 0, "unique_dst_ips": 1, "unique_dst_ports": 1, "tcp_new_flows": 0})
	}
	for i := range 50 {
		r.add(qmp, i, 1, map[string]any{"kvm_stats": nil,
			"blockstats": map[string]any{"virtio0": map[string]any{"rd_ops": i, "wr_ops": i, "rd_bytes": i, "wr_bytes": i}}})
	}
	return r
}

func (r *recording) add(entry string, i, hz int, row map[string]any) {
	r.rows[entry] = append(r.rows[entry], stamped(float64(i)/float64(hz), row))
}

// result is the object of that name in meta.json.
func (r *recording) result() map[string]any { return r.meta["result"].(map[string]any) }

// stamped adds the clocks of a moment, in seconds since the start.
func stamped(at float64, row map[string]any) map[string]any {
	row["t_mono_ns"], row["t_wall_ns"] = int64(at*1e9)+2000, zero+int64(at*1e9)
	return row
}

// shift moves the wall clock of some rows by seconds.
func shift(rows []map[string]any, by float64) {
	for _, row := range rows {
		row["t_wall_ns"] = row["t_wall_ns"].(int64) + int64(by*1e9)
	}
}

// store packs the recording, with the right checksum beside it.
func (r *recording) store(t *testing.T) fstest.MapFS {
	t.Helper()
	files := map[string]string{"meta.json": text(t, r.meta), "labels.jsonl": lines(t, r.labels)}
	for entry, rows := range r.rows {
		files[entry] = lines(t, rows)
	}
	for name, data := range r.extra {
		files[name] = data
	}
	for _, name := range r.missing {
		delete(files, name)
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for name, data := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := frame(archive.Bytes())
	sum := fmt.Sprintf("%x  %s\n", sha256.Sum256(file), anID+".tar.zst")
	return fstest.MapFS{aFile: {Data: file}, aFile + ".sha256": {Data: []byte(sum)}}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func lines(t *testing.T, rows []map[string]any) string {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(text(t, row) + "\n")
	}
	return b.String()
}

// frame is zstd without compression: one frame of raw blocks.
func frame(data []byte) []byte {
	out := []byte{0x28, 0xb5, 0x2f, 0xfd, 0xa0} // one segment, size in four bytes
	out = binary.LittleEndian.AppendUint32(out, uint32(len(data)))
	blocks := slices.Collect(slices.Chunk(data, 100_000))
	for i, block := range blocks {
		head := uint32(len(block)) << 3
		if i == len(blocks)-1 {
			head |= 1
		}
		out = append(out, byte(head), byte(head>>8), byte(head>>16))
		out = append(out, block...)
	}
	return out
}
