package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Read reads all tensors of a file of at most limit bytes, in the order of its header.
// Numbers may be infinite or NaN.
//
// It fails if the header has more than 1 MiB, if a name occurs twice, if a type is not
// float32, if a shape does not fit its bytes, or if the data are not exactly the
// tensors', without gap or overlap. It allocates at most a small multiple of the bytes
// that r has, whatever the header says.
func Read(r io.Reader, limit int64) ([]Tensor, error) {
	var size [8]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, cutOff("the length of the header", err)
	}
	n := binary.LittleEndian.Uint64(size[:])
	if n > maxHeader {
		return nil, fmt.Errorf("this is not a safetensors file: its header would have %d bytes, want %d or fewer", n,
			maxHeader)
	}
	if int64(n) > limit-int64(len(size)) {
		return nil, fmt.Errorf("the header has %d bytes, and the file may have %d", n, limit)
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r, header); err != nil {
		return nil, cutOff("the header", err)
	}
	list, total, err := parseHeader(header, limit-int64(len(size))-int64(n))
	if err != nil {
		return nil, err
	}
	data, err := readExactly(r, total)
	if err != nil {
		return nil, err
	}
	tensors := make([]Tensor, len(list))
	for i, p := range list {
		tensors[i] = Tensor{Name: p.name, Shape: p.shape, Data: floats(data[p.begin:p.end])}
	}
	return tensors, nil
}

// readExactly reads what the tensors fill. It fails if there is less or more, and grows
// with what is there, not with what the header claims.
func readExactly(r io.Reader, total int64) ([]byte, error) {
	var b bytes.Buffer
	got, err := b.ReadFrom(io.LimitReader(r, total+1))
	if err != nil {
		return nil, err
	}
	if got < total {
		return nil, fmt.Errorf("the file is cut off: the tensors need %d bytes of data, it has %d", total, got)
	}
	if got > total {
		return nil, fmt.Errorf("the file has more data than the %d bytes of its tensors", total)
	}
	return b.Bytes(), nil
}

func floats(b []byte) []float32 {
	data := make([]float32, len(b)/width)
	for i := range data {
		data[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[i*width:]))
	}
	return data
}

// cutOff says which part of a file is not all there.
func cutOff(part string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("this is not a safetensors file: it ends before %s does", part)
	}
	return err
}
