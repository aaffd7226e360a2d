package signal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/klauspost/compress/zstd"

	"assay/steps/kit/channel"
)

// packed are the tensors of one episode, compressed. Windows overlap, and where
// one shows the same as the one before, it is there once.
type packed struct {
	steps  int
	shift  int // points from a window to the next; steps if they share none
	center []float64
	class  []int32
	data   []byte // zstd: each channel's points as float32, then the runs of their masks
}

// size is about the memory that it takes.
func (p *packed) size() int64 { return int64(128 + 12*len(p.class) + len(p.data)) }

// points returns how many points of a channel all windows have together.
func (p *packed) points() int {
	if len(p.class) == 0 {
		return 0
	}
	return (len(p.class)-1)*p.shift + p.steps
}

// A packer packs and unpacks. Its memory is used again.
type packer struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
	raw     []byte
	small   []byte
	mask    []bool // of one channel
	ones    []bool // all true
}

// pack compresses the tensors of an episode. shift is the distance of two windows
// in points, if it is a whole number.
func (k *packer) pack(t *Tensors, shift int) (p *packed, err error) {
	if k.encoder == nil {
		k.encoder, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest),
			zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false))
		if err != nil {
			return nil, err
		}
	}
	p = &packed{steps: t.Steps, shift: t.Steps}
	p.center = append(p.center, t.Center...)
	p.class = append(p.class, t.Class...)
	if shift > 0 && shift < t.Steps && t.overlaps(shift) {
		p.shift = shift
	}
	k.raw = k.raw[:0]
	for c := range channel.Count {
		k.raw = p.values(k.raw, t, c)
	}
	for c := range channel.Count {
		k.raw = p.runs(k.raw, t, c)
	}
	k.small = k.encoder.EncodeAll(k.raw, k.small[:0])
	p.data = bytes.Clone(k.small)
	return p, nil
}

// overlaps reports whether each window shows what the one before does, shift
// points later.
func (t *Tensors) overlaps(shift int) bool {
	row := channel.Count * t.Steps
	for at := row; at < len(t.X); at += t.Steps {
		for i := range t.Steps - shift {
			now, was := at+i, at-row+shift+i
			if math.Float32bits(t.X[now]) != math.Float32bits(t.X[was]) || t.Mask[now] != t.Mask[was] {
				return false
			}
		}
	}
	return true
}

// values appends the points of a channel, those of the first window whole.
func (p *packed) values(b []byte, t *Tensors, c int) []byte {
	from := 0
	for w := range p.class {
		at := (w*channel.Count + c) * t.Steps
		for _, x := range t.X[at+from : at+t.Steps] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
		from = t.Steps - p.shift
	}
	return b
}

// runs appends the mask of a channel: how many points in turn are missing, are
// there, are missing...
func (p *packed) runs(b []byte, t *Tensors, c int) []byte {
	from, n, there := 0, uint64(0), false
	for w := range p.class {
		at := (w*channel.Count + c) * t.Steps
		for _, m := range t.Mask[at+from : at+t.Steps] {
			if m != there {
				b = binary.AppendUvarint(b, n)
				n, there = 0, m
			}
			n++
		}
		from = t.Steps - p.shift
	}
	return binary.AppendUvarint(b, n)
}

// unpack is the inverse of pack, to the bit.
func (k *packer) unpack(p *packed, t *Tensors) (err error) {
	if k.decoder == nil {
		k.decoder, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.IgnoreChecksum(true))
		if err != nil {
			return err
		}
	}
	if k.raw, err = k.decoder.DecodeAll(p.data, k.raw[:0]); err != nil {
		return fmt.Errorf("tensors kept in memory: %w", err)
	}
	t.Steps = p.steps
	t.Center = append(t.Center[:0], p.center...)
	t.Class = append(t.Class[:0], p.class...)
	t.X = resize(t.X, len(p.class)*channel.Count*p.steps)
	t.Mask = resize(t.Mask, len(t.X))
	values, runs := k.raw, k.raw[channel.Count*p.points()*4:]
	for c := range channel.Count {
		values = p.takeValues(values, t, c)
		runs = k.takeRuns(runs, p.points())
		for w := range p.class {
			at := (w*channel.Count + c) * p.steps
			copy(t.Mask[at:at+p.steps], k.mask[w*p.shift:])
		}
	}
	return nil
}

// takeValues gives each window its points of a channel: new ones from b, and those
// that the window before has as well from there.
func (p *packed) takeValues(b []byte, t *Tensors, c int) (rest []byte) {
	shared := 0
	for w := range p.class {
		at := (w*channel.Count + c) * p.steps
		x := t.X[at : at+p.steps]
		if shared > 0 {
			copy(x, t.X[at-channel.Count*p.steps+p.shift:][:shared])
		}
		x = x[shared:]
		for i := range x {
			x[i] = math.Float32frombits(binary.LittleEndian.Uint32(b))
			b = b[4:]
		}
		shared = p.steps - p.shift
	}
	return b
}

// takeRuns writes the mask of a channel's points to k.mask.
func (k *packer) takeRuns(b []byte, points int) (rest []byte) {
	k.mask = resize(k.mask, points)
	for len(k.ones) < points {
		k.ones = append(k.ones, true)
	}
	clear(k.mask)
	for at, there := 0, false; ; there = !there {
		n, size := binary.Uvarint(b)
		b = b[size:]
		if there {
			copy(k.mask[at:at+int(n)], k.ones)
		}
		if at += int(n); at == points {
			return b
		}
	}
}

func (k *packer) close() {
	if k.decoder != nil {
		k.decoder.Close()
	}
}
