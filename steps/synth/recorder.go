package synth

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
)

// A recorder plays episodes and packs what the four sources record. It reuses its
// buffers for the next episode.
type recorder struct {
	archive *episode.Archiver
	rows    [channel.NumSources]rows
}

func newRecorder() (*recorder, error) {
	a, err := episode.NewArchiver()
	if err != nil {
		return nil, err
	}
	return &recorder{archive: a}, nil
}

// tick is the time between two samples of the VM, in seconds.
const tick = 0.1

// An entry is a file of an episode.
type entry struct {
	name string
	data []byte
}

// record returns the file of an episode and its checksum, which is nil if the episode is
// to have none. Both are valid until the next call.
func (r *recorder) record(e *plan) (file, sidecar []byte, err error) {
	w := r.play(e)
	if e.messy {
		w.spoil()
	}
	return r.pack(w)
}

// play returns the recording of an episode before anything is spoiled.
func (r *recorder) play(e *plan) *wreck {
	v := newVM(e)
	for s := range r.rows {
		r.rows[s].reset()
	}
	ticks := int(e.length / tick)
	for i := range ticks {
		v.step(i)
		r.look(v, i)
	}
	m := newMeta(e)
	for s := range r.rows {
		m.Result.count(channel.Source(s), r.rows[s].n)
	}
	w := &wreck{e: e, meta: m, labels: newLabels(e)}
	for s := range r.rows {
		w.tables[s] = r.rows[s].buf
	}
	return w
}

// look makes every source that is due write a row.
func (r *recorder) look(v *vm, i int) {
	h := &v.e.host
	mono := int64(i) * int64(tick*1e9)
	late := func(most int) int64 { return int64(v.rng.below(most)) }
	at := mono + late(4_000_000)
	r.rows[channel.Proc].proc(v, at, v.e.startNs+at)
	if i*h.guestHz/10 != (i-1)*h.guestHz/10 || i == 0 {
		at = mono + 1_500_000 + late(9_000_000)
		lag := h.lagNs - h.lagNs/2*int64(swing(i, 40))/40
		r.rows[channel.Guest].guest(v, at, v.e.startNs+at-lag)
	}
	if i%(10/h.qmpHz) == 0 {
		at = mono + 2_000_000 + late(3_000_000)
		r.rows[channel.QMP].qmp(v, at, v.e.startNs+at)
	}
	wall := v.e.startNs + mono
	shown := wall
	if h.rounded {
		shown -= shown % 1_000_000_000
	}
	r.rows[channel.Netflow].netflow(v, wall-h.bootNs, shown)
}

// swing goes from 0 to n and back.
func swing(i, n int) int { return n - abs(n-i%(2*n)) }

func abs(i int) int { return max(i, -i) }

// pack writes the entries into an archive, in the order of recorded episodes.
func (r *recorder) pack(w *wreck) (file, sidecar []byte, err error) {
	r.archive.Start(time.Unix(0, w.e.startNs).UTC())
	for _, entry := range w.entries() {
		if err := r.archive.Add(entry.name, entry.data); err != nil {
			return nil, nil, err
		}
	}
	if file, err = r.archive.Pack(); err != nil {
		return nil, nil, err
	}
	file = file[:len(file)-min(w.cut, len(file)/2)]
	if w.noSidecar {
		return file, nil, nil
	}
	sum := sha256.Sum256(file)
	if w.wrongSum {
		sum[0] ^= 1
	}
	return file, fmt.Appendf(nil, "%s  %s.tar.zst\n", hex.EncodeToString(sum[:]), w.e.id), nil
}
