package parquet

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// A scratch is the memory that reading a table uses again and again.
type scratch struct {
	head, packed, unpacked, rep, def buffer
	zstd                             *zstd.Decoder
}

// A buffer is bytes to use again.
type buffer struct{ b []byte }

// of returns n bytes of any content.
func (m *buffer) of(n int) []byte {
	if cap(m.b) < n {
		m.b = make([]byte, n)
	}
	return m.b[:n]
}

// gunzip decompresses data, up to one byte more than n.
func (s *scratch) gunzip(data []byte, n int) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	out := s.unpacked.of(n + 1)
	m, err := io.ReadFull(r, out)
	if err == io.EOF || err == io.ErrUnexpectedEOF && m <= n {
		err = nil
	}
	return out[:m], err
}

// unpack decompresses data into exactly n bytes, which it never exceeds: what a
// page unpacks to is not known before.
func (s *scratch) unpack(codec format.CompressionCodec, data []byte, n int) (out []byte, err error) {
	if n == 0 && len(data) == 0 { // some writers pack nothing into nothing
		return nil, nil
	}
	switch codec {
	case format.Uncompressed:
		out = data
	case format.Snappy:
		if m, err := snappy.DecodedLen(data); err != nil || m != n {
			return nil, fmt.Errorf("a page claims %d bytes and unpacks to %d", n, m)
		}
		out, err = snappy.Decode(s.unpacked.of(n), data)
	case format.Zstd:
		if s.zstd == nil {
			s.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPage),
				zstd.WithDecodeAllCapLimit(true))
			if err != nil {
				return nil, err
			}
		}
		out, err = s.zstd.DecodeAll(data, s.unpacked.of(n)[:0:n])
	case format.Gzip:
		out, err = s.gunzip(data, n)
	case format.Lz4Raw:
		out, err = unpackLZ4(s.unpacked.of(n)[:0:n], data)
	default:
		return nil, fmt.Errorf("pages are packed with %v; write them with zstd, snappy, gzip, lz4 or not at all", codec)
	}
	if err != nil {
		return nil, fmt.Errorf("a page of %d bytes does not unpack to %d: %w", len(data), n, err)
	}
	if len(out) != n {
		return nil, fmt.Errorf("a page claims %d bytes and unpacks to %d", n, len(out))
	}
	return out, nil
}
