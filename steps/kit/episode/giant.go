package episode

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/zstd"
)

// A giant is a file that unpacks to more than is kept in memory. It is unpacked
// twice: first for what else is in it, and how many lines the tables have, then for
// the rows, which need the episode's zero from the labels. Its memory is that of the
// tables, whatever else it holds.
type giant struct {
	members map[string]member // the telemetry that counts, by name
	size    int64             // of the file
}

// A member is an entry that is read as a stream.
type member struct {
	number int // of the entry in the tar, from 0
	lines  int
}

// maxLabelBytes bounds the labels.jsonl of a giant.
const maxLabelBytes = 32 << 20

// listGiant finds the entries of a giant: it reads small ones and counts the lines of
// the others.
func (c *container) listGiant(size int64) error {
	c.giant = &giant{members: map[string]member{}, size: size}
	sum := sha256.New()
	err := c.stream(sum, func(r io.Reader) error {
		tr := &tarReader{r: r}
		return c.each(tr, func(h tarHeader, n int, read bool) error {
			if !read {
				return nil
			}
			return c.keepMember(entryName(h), tr, h, n)
		})
	})
	if err != nil {
		c.giant = nil
	}
	return err
}

// keepMember reads an entry that counts.
func (c *container) keepMember(name string, tr io.Reader, h tarHeader, n int) (err error) {
	switch name {
	case "meta.json":
		c.entries[name], err = readUpTo(tr, nil, int64(c.limits.Meta)) // one byte more is too large
	case "labels.jsonl":
		if c.entries[name], err = readUpTo(tr, nil, maxLabelBytes); len(c.entries[name]) > maxLabelBytes {
			return &LimitError{fmt.Sprintf("labels.jsonl has %d bytes, at most %d are read", h.Size, maxLabelBytes)}
		}
	default:
		var lines int
		lines, err = countLines(tr)
		c.giant.members[name] = member{n, lines}
		if most := maxLines * c.limits.Rows; lines > most {
			return &LimitError{fmt.Sprintf("%s has more than %d lines", name, most)}
		}
	}
	if errors.Is(err, errTarCut) {
		return fmt.Errorf("%s: cut, it has %d bytes: %w", Clip(h.Name), h.Size, err)
	}
	return err
}

// maxLines bounds the lines of a member, for every row that is read: the rest is blank
// or not used, and takes its time.
const maxLines = 8

// countLines counts the line breaks, and one more for a last line without.
func countLines(r io.Reader) (int, error) {
	buf := make([]byte, 64<<10)
	for lines := 1; ; {
		n, err := r.Read(buf)
		lines += bytes.Count(buf[:n], []byte{'\n'})
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
	}
}

// each calls do for the telemetry of a giant, in the order of the file.
func (g *giant) each(c *container, do func(name string, lines int, r io.Reader) error) error {
	return c.stream(nil, func(r io.Reader) error {
		tr := &tarReader{r: r}
		for n := 0; n < c.limits.Entries; n++ {
			h, err := tr.next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return brokenTar(n, err)
			}
			name := entryName(h)
			if m, ok := g.members[name]; ok && m.number == n {
				if err := do(name, m.lines, tr); err != nil {
					return brokenTar(n, err)
				}
			}
		}
		return nil
	})
}

// stream unpacks the file, gives it to do and then passes over the rest: the bound
// and the checksum of the frame are about all of it. sum, if there is one, gets the
// compressed file.
func (c *container) stream(sum hash.Hash, do func(io.Reader) error) error {
	limit := c.limits.unpacked(c.giant.size)
	if c.file != nil {
		return c.decode(bytes.NewReader(c.file), limit, do)
	}
	f, err := openRegular(c.fsys, c.name)
	if err != nil {
		return err
	}
	defer f.Close()
	in := io.Reader(f)
	if sum != nil {
		in = io.TeeReader(f, sum)
	}
	file := &fileReader{r: io.LimitReader(in, c.giant.size)}
	err = c.decode(file, limit, do)
	if file.err != nil {
		return file.err
	}
	if sum == nil {
		return err
	}
	if _, copyErr := io.Copy(io.Discard, file); copyErr != nil {
		return copyErr
	}
	copy(c.sum[:], sum.Sum(nil))
	c.all = true
	return err
}

// A fileReader remembers the error of a file, which is not one of its content.
type fileReader struct {
	r   io.Reader
	err error
}

func (f *fileReader) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

// decode unpacks a stream for do, up to a limit. Its decoder is given back at once: a
// frame may ask for a window of 128 MiB.
func (c *container) decode(in io.Reader, limit int64, do func(io.Reader) error) error {
	d, err := zstd.NewReader(in, c.options...)
	if err != nil {
		return &BrokenError{fmt.Errorf("zstd: %w", err)}
	}
	defer d.Close()
	r := &boundedReader{r: d, left: limit}
	err = do(r)
	if _, restErr := io.Copy(io.Discard, r); err == nil {
		err = restErr
	}
	switch {
	case r.over:
		return tooMuch(c.giant.size, limit)
	case errors.Is(r.err, zstd.ErrWindowSizeExceeded):
		return &LimitError{fmt.Sprintf("its zstd window is larger than %d MiB, the most that zstd -d reads unless "+
			"told otherwise; compress it without --long", c.limits.History>>20)}
	case r.err != nil:
		return &BrokenError{fmt.Errorf("zstd: %w", r.err)}
	}
	return err
}

// A boundedReader reads up to a limit, and remembers what went wrong below.
type boundedReader struct {
	r    io.Reader
	left int64
	over bool
	err  error
}

var errOver = errors.New("more than the bound")

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.over || b.err != nil {
		return 0, errOver
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		b.over = true
		return 0, errOver
	}
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}
