package episode

import (
	"archive/tar"
	"bytes"
	"fmt"
	"time"

	"github.com/klauspost/compress/zstd"
)

// An Archiver packs episodes: flat entries in a tar, compressed with zstd. The
// same entries make the same bytes on any machine. It keeps its memory for the
// next one.
type Archiver struct {
	encoder *zstd.Encoder
	raw     bytes.Buffer
	tar     *tar.Writer
	packed  []byte
	at      time.Time
}

// NewArchiver returns an archiver.
func NewArchiver() (*Archiver, error) {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(true))
	if err != nil {
		return nil, fmt.Errorf("zstd encoder: %w", err)
	}
	return &Archiver{encoder: e}, nil
}

// Start begins an episode whose entries are of that time, to the second.
func (a *Archiver) Start(at time.Time) {
	a.raw.Reset()
	a.tar, a.at = tar.NewWriter(&a.raw), at.Truncate(time.Second)
}

// Add adds an entry.
func (a *Archiver) Add(name string, data []byte) error {
	h := tar.Header{Name: name, Mode: 0o644, Size: int64(len(data)), ModTime: a.at, Typeflag: tar.TypeReg,
		Format: tar.FormatUSTAR}
	if err := a.tar.WriteHeader(&h); err != nil {
		return fmt.Errorf("tar: %s: %w", name, err)
	}
	if _, err := a.tar.Write(data); err != nil {
		return fmt.Errorf("tar: %s: %w", name, err)
	}
	return nil
}

// Pack returns the file. It holds until the next call of Pack.
func (a *Archiver) Pack() ([]byte, error) {
	if err := a.tar.Close(); err != nil {
		return nil, fmt.Errorf("tar: %w", err)
	}
	a.packed = a.encoder.EncodeAll(a.raw.Bytes(), a.packed[:0])
	return a.packed, nil
}
