package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// An entry describes a tensor in the header. The order of the fields is that of the
// reference implementation.
type entry struct {
	Dtype   string  `json:"dtype"`
	Shape   []int   `json:"shape"`
	Offsets []int64 `json:"data_offsets"` // first byte and the one after the last, in the data
}

// Write writes tensors in the given order. The same tensors make the same bytes. It fails
// before the first byte if a name occurs twice or a shape does not fit its data.
func Write(w io.Writer, tensors []Tensor) error {
	header, err := describe(tensors)
	if err != nil {
		return err
	}
	if _, err := w.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))); err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	for _, t := range tensors {
		if err := writeData(w, t.Data); err != nil {
			return err
		}
	}
	return nil
}

// describe returns the header, with spaces at its end so that the data start at a multiple
// of 8 bytes.
func describe(tensors []Tensor) ([]byte, error) {
	var b bytes.Buffer
	seen := map[string]bool{}
	at := int64(0)
	b.WriteByte('{')
	for i, t := range tensors {
		if err := t.check(seen); err != nil {
			return nil, fmt.Errorf("tensor %.60q: %w", t.Name, err)
		}
		seen[t.Name] = true
		if i > 0 {
			b.WriteByte(',')
		}
		end := at + int64(len(t.Data))*width
		name, err := json.Marshal(t.Name)
		if err != nil {
			return nil, err
		}
		place, err := json.Marshal(entry{float32s, append([]int{}, t.Shape...), []int64{at, end}})
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(place)
		at = end
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	if b.Len() > maxHeader {
		return nil, fmt.Errorf("the header of %d tensors has %d bytes, want %d or fewer", len(tensors), b.Len(),
			maxHeader)
	}
	return b.Bytes(), nil
}

// check refuses a tensor that Read would not give back.
func (t Tensor) check(seen map[string]bool) error {
	if err := checkName(t.Name); err != nil {
		return err
	}
	if seen[t.Name] {
		return errors.New("two tensors have this name")
	}
	n, err := count(t.Shape, math.MaxInt64/width)
	if err != nil {
		return err
	}
	if n != int64(len(t.Data)) {
		return fmt.Errorf("its shape %v has %d values, its data %d", t.Shape, n, len(t.Data))
	}
	return nil
}

// writeData writes numbers in pieces, so that no copy of the whole tensor is needed.
func writeData(w io.Writer, data []float32) error {
	const piece = 4096
	buf := make([]byte, 0, piece*width)
	for len(data) > 0 {
		n := min(piece, len(data))
		buf = buf[:0]
		for _, v := range data[:n] {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}
