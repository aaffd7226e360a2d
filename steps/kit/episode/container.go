package episode

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/klauspost/compress/zstd"
)

// A BrokenError says that an episode's file cannot be decoded at all.
type BrokenError struct{ Err error }

func (e *BrokenError) Error() string { return e.Err.Error() }
func (e *BrokenError) Unwrap() error { return e.Err }

// A LimitError says that an episode's file was refused for its size.
type LimitError struct{ What string }

func (e *LimitError) Error() string { return e.What }

// A container unpacks one file at a time into buffers that it keeps. A file that
// unpacks to more than [inMemory] is a giant: its members are read as streams.
type container struct {
	limits  Limits
	memory  int64 // see inMemory
	large   int64 // see largeFile
	options []zstd.DOption
	whole   *zstd.Decoder // of files that fit into memory at hand

	fsys fs.FS
	name string
	file []byte            // of the file that was last opened; nil if it is large
	sum  [sha256.Size]byte // of a large one
	all  bool              // the file was read to its end
	raw  []byte

	entries  map[string][]byte // by cleaned name: slices of raw, or copies; what nobody reads has no content
	doneSize int64
	findings []Finding
	giant    *giant // nil if all is in raw
}

// largeFile is how many bytes of a compressed file are read into memory.
const largeFile = 8 << 20

// inMemory is how many bytes are unpacked into memory: a quarter of an hour, and each
// of the corpus's recordings twenty times.
const inMemory = 16 << 20

func newContainer(l Limits, trusted bool) (*container, error) {
	options := []zstd.DOption{
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderMaxWindow(uint64(l.History)),
		zstd.IgnoreChecksum(trusted),
	}
	whole, err := zstd.NewReader(nil, append(options, zstd.WithDecodeAllCapLimit(true))...)
	if err != nil {
		return nil, fmt.Errorf("zstd decoder: %w", err)
	}
	return &container{limits: l, memory: inMemory, large: largeFile, options: options, whole: whole,
		entries: map[string][]byte{}}, nil
}

func (c *container) close() { c.whole.Close() }

// open reads, unpacks and lists a file. Its error is a *BrokenError, a
// *LimitError or one of the file system.
func (c *container) open(fsys fs.FS, name string) error {
	c.reset()
	c.fsys, c.name = fsys, name
	size, err := c.read()
	if err != nil {
		return err
	}
	if c.file != nil && c.unpack() {
		return c.list()
	}
	return c.listGiant(size)
}

func (c *container) reset() {
	clear(c.entries)
	c.findings = c.findings[:0]
	c.doneSize, c.giant = 0, nil
}

// read reads the file, if it is not large, and returns its size.
func (c *container) read() (int64, error) {
	c.file, c.all = reuse(c.file), false
	f, err := openRegular(c.fsys, c.name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	size := info.Size()
	if size > c.limits.File {
		return 0, &LimitError{fmt.Sprintf("the file has more than %d bytes", c.limits.File)}
	}
	if size > c.large {
		c.file = nil
		return size, nil
	}
	if size >= int64(cap(c.file)) {
		c.file = make([]byte, 0, size+1)
	}
	if c.file, err = readUpTo(f, c.file, c.limits.File); err != nil {
		return 0, err
	}
	if int64(len(c.file)) > c.limits.File {
		return 0, &LimitError{fmt.Sprintf("the file has more than %d bytes", c.limits.File)}
	}
	c.all = true
	return int64(len(c.file)), nil
}

func openRegular(fsys fs.FS, name string) (fs.File, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &BrokenError{fmt.Errorf("is no regular file but %s", info.Mode().Type())}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// checksum returns the SHA-256 of the file, and false if it was not read to its end.
func (c *container) checksum() ([sha256.Size]byte, bool) {
	if c.file != nil && c.all {
		return sha256.Sum256(c.file), true
	}
	return c.sum, c.all
}

// unpack decodes all of the file, the capture too, which nobody reads: the checksum
// of the frame, if it is looked at, covers it. A frame need not tell the truth about
// its size, so memory grows with what comes out of it. Most files fit into the memory
// that the last one left. It reports false if the file does not fit, or cannot be
// decoded: the decoder has several errors for too little room, so a stream finds out.
func (c *container) unpack() (fits bool) {
	most := min(c.memory, c.limits.unpacked(int64(len(c.file))))
	for room := min(int64(cap(c.raw)), most); ; room = min(max(4*room, 1<<20), most) {
		if room > int64(cap(c.raw)) {
			c.raw = make([]byte, 0, room)
		}
		if raw, err := c.whole.DecodeAll(c.file, c.raw[:0:room]); err == nil {
			c.raw = raw
			return true
		}
		if room == most {
			return false
		}
	}
}

func tooMuch(size, limit int64) error {
	return &LimitError{fmt.Sprintf("%d bytes unpack to more than %d", size, limit)}
}

// readUpTo appends what r has to buf. It stops once there is more than limit.
func readUpTo(r io.Reader, buf []byte, limit int64) ([]byte, error) {
	for int64(len(buf)) <= limit {
		if len(buf) == cap(buf) {
			size := min(max(2*int64(cap(buf)), 64<<10), limit+1)
			buf = append(make([]byte, 0, size), buf...)
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
	return buf, nil
}

// keep is how many elements of a buffer are worth keeping for the next episode.
const keep = 8 << 20

// reuse returns b without content, or nil if a giant left it too large to keep.
func reuse[T any](b []T) []T {
	if cap(b) > keep {
		return nil
	}
	return b[:0]
}

// list finds the entries in the tar without copying their content.
func (c *container) list() error {
	at := bytes.NewReader(c.raw)
	return c.each(&tarReader{r: at}, func(h tarHeader, _ int, read bool) error {
		if h.Size > int64(at.Len()) {
			return fmt.Errorf("%s: cut after %d of %d bytes", Clip(h.Name), at.Len(), h.Size)
		}
		if read {
			offset := int64(len(c.raw)) - int64(at.Len())
			c.entries[entryName(h)] = c.raw[offset : offset+h.Size]
		}
		return nil
	})
}

// each goes through the tar, notes what is found, and calls do for every entry, with
// its number from 0 and whether it is to be read.
func (c *container) each(tr *tarReader, do func(h tarHeader, n int, read bool) error) error {
	for n := 0; ; n++ {
		h, err := tr.next()
		if err == io.EOF {
			if n == 0 {
				return &BrokenError{errors.New("tar: holds no entry")}
			}
			return nil
		}
		if err != nil {
			return brokenTar(n, err)
		}
		if n == c.limits.Entries {
			c.find(EntryCount, "more than %d entries", n)
			return nil
		}
		if err := do(h, n, c.entry(h)); err != nil {
			return brokenTar(n, err)
		}
	}
}

func brokenTar(n int, err error) error {
	if _, ok := errors.AsType[*LimitError](err); ok {
		return err
	}
	return &BrokenError{fmt.Errorf("tar: entry %d: %w", n+1, err)}
}
