package telemetry

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// A BrokenError says that an episode's file cannot be decoded at all.
type BrokenError struct{ Err error }

func (e *BrokenError) Error() string { return e.Err.Error() }
func (e *BrokenError) Unwrap() error { return e.Err }

// A LimitError says that an episode's file was refused for its size.
type LimitError struct{ What string }

func (e *LimitError) Error() string { return e.What }

// A Finding is something in the tar that has no business there.
type Finding struct {
	Rule   string // one of the Entry constants
	Detail string // what was found, for people
}

// The rules of findings.
const (
	EntryPath      = "entry_path"      // a name that leaves the folder
	EntryLink      = "entry_link"      // a symbolic or hard link
	EntrySpecial   = "entry_special"   // a FIFO, a device, a sparse file
	EntryDuplicate = "entry_duplicate" // a name for the second time
	EntryCount     = "entry_count"     // more than Limits.Entries; the rest was not read
	EntryUnknown   = "entry_unknown"   // a file that no episode has; harmless
)

// A container unpacks one file at a time into buffers that it keeps.
type container struct {
	limits Limits
	whole  *zstd.Decoder // of files that fit into memory at hand
	stream *zstd.Decoder // of the others; one decoder for both would wait for itself
	file   []byte
	all    bool // file holds all of the file that was last opened
	raw    []byte

	entries  map[string][]byte // slices of raw, by cleaned name
	findings []Finding
}

func newContainer(l Limits, trusted bool) (*container, error) {
	options := []zstd.DOption{
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderMaxWindow(uint64(l.History)),
		zstd.IgnoreChecksum(trusted),
	}
	stream, err := zstd.NewReader(nil, options...)
	if err != nil {
		return nil, fmt.Errorf("zstd decoder: %w", err)
	}
	whole, err := zstd.NewReader(nil, append(options, zstd.WithDecodeAllCapLimit(true))...)
	if err != nil {
		return nil, fmt.Errorf("zstd decoder: %w", err)
	}
	return &container{limits: l, whole: whole, stream: stream, entries: map[string][]byte{}}, nil
}

func (c *container) close() {
	c.whole.Close()
	c.stream.Close()
}

// open reads, unpacks and lists a file. Its error is a *BrokenError, a
// *LimitError or one of the file system.
func (c *container) open(fsys fs.FS, name string) error {
	c.reset()
	if err := c.read(fsys, name); err != nil {
		return err
	}
	if err := c.unpack(); err != nil {
		return err
	}
	return c.list()
}

func (c *container) reset() {
	clear(c.entries)
	c.findings = c.findings[:0]
}

func (c *container) read(fsys fs.FS, name string) error {
	c.file, c.all = reuse(c.file), false
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &BrokenError{fmt.Errorf("is no regular file but %s", info.Mode().Type())}
	}
	if size := info.Size(); size < c.limits.File && size >= int64(cap(c.file)) {
		c.file = make([]byte, 0, size+1)
	}
	if c.file, err = readUpTo(f, c.file, c.limits.File); err != nil {
		return err
	}
	if int64(len(c.file)) > c.limits.File {
		return &LimitError{fmt.Sprintf("the file has more than %d bytes", c.limits.File)}
	}
	c.all = true
	return nil
}

// unpack decodes all of the file, the capture too, which nobody reads: the
// checksum of the frame, if it is looked at, covers it. A frame need not tell the truth about its
// size, so memory grows with what comes out of it, as a stream. Most files fit
// into the memory that the last one left, and then need no detour over the
// stream's buffers.
func (c *container) unpack() error {
	limit := c.limits.unpacked(len(c.file))
	c.raw = reuse(c.raw)
	room := min(int64(cap(c.raw)), limit)
	if raw, err := c.whole.DecodeAll(c.file, c.raw[:0:room]); err == nil {
		c.raw = raw
		return nil
	}
	return c.unpackStream(limit)
}

func (c *container) unpackStream(limit int64) error {
	if err := c.stream.Reset(bytes.NewReader(c.file)); err != nil {
		return &BrokenError{fmt.Errorf("zstd: %w", err)}
	}
	var err error
	c.raw, err = readUpTo(c.stream, c.raw, limit)
	switch {
	case int64(len(c.raw)) > limit:
		return &LimitError{fmt.Sprintf("%d bytes unpack to more than %d", len(c.file), limit)}
	case err != nil:
		return &BrokenError{fmt.Errorf("zstd: %w", err)}
	}
	return nil
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
	tr := tar.NewReader(at)
	for n := 0; ; n++ {
		h, err := tr.Next()
		if err == io.EOF {
			if n == 0 {
				return &BrokenError{errors.New("tar: holds no entry")}
			}
			return nil
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			return &BrokenError{fmt.Errorf("tar: entry %d: %w", n+1, err)}
		}
		if n == c.limits.Entries {
			c.find(EntryCount, "more than %d entries", n)
			return nil
		}
		offset := int64(len(c.raw)) - int64(at.Len())
		if h.Size > int64(at.Len()) {
			return &BrokenError{fmt.Errorf("tar: entry %d, %s: cut after %d of %d bytes", n+1, clip(h.Name), at.Len(), h.Size)}
		}
		c.entry(h, c.raw[offset:offset+h.Size])
	}
}

func (c *container) entry(h *tar.Header, data []byte) {
	name := strings.TrimPrefix(h.Name, "./")
	switch {
	case path.IsAbs(name) || leaves(name):
		c.find(EntryPath, "%s leaves the episode's folder", clip(h.Name))
	case h.Typeflag == tar.TypeDir:
	case h.Typeflag == tar.TypeSymlink || h.Typeflag == tar.TypeLink:
		c.find(EntryLink, "%s is a link to %s", clip(h.Name), clip(h.Linkname))
	case h.Typeflag != tar.TypeReg || sparse(h):
		c.find(EntrySpecial, "%s is no plain file (tar type %q)", clip(h.Name), h.Typeflag)
	default:
		if !known(name) {
			c.find(EntryUnknown, "%s is no entry of an episode", clip(h.Name))
		}
		if _, ok := c.entries[name]; ok {
			c.find(EntryDuplicate, "%s is there more than once; the last one counts", clip(h.Name))
		}
		c.entries[name] = data
	}
}

func (c *container) find(rule, format string, args ...any) {
	c.findings = append(c.findings, Finding{rule, fmt.Sprintf(format, args...)})
}

func leaves(name string) bool {
	for part := range strings.SplitSeq(strings.ReplaceAll(name, `\`, "/"), "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// sparse files do not lie in the tar as they are.
func sparse(h *tar.Header) bool {
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}

func known(name string) bool {
	switch name {
	case "meta.json", "labels.jsonl", "events.jsonl", "done", "capture.pcap":
		return true
	}
	for s := range Source(NumSources) {
		if name == s.Entry() {
			return true
		}
	}
	return false
}

// clip quotes a name from a tar and bounds it.
func clip(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return fmt.Sprintf("%q", s)
}
