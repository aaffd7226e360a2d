package episode

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// The types of tar entries that matter here.
const (
	tarRegular    = '0'
	tarOld        = 0   // a regular file of the oldest format
	tarLink       = '1' // a hard link
	tarSymlink    = '2'
	tarFolder     = '5'
	tarContiguous = '7' // a regular file
	tarSparse     = 'S' // GNU's old form
	tarDumpDir    = 'D' // a folder with a list of its files, of GNU's incremental archives
	tarPax        = 'x' // records about the next entry
	tarPaxSun     = 'X'
	tarPaxGlobal  = 'g' // records about all entries; git writes its commit there
	tarVolume     = 'V' // the archive's label
	tarLongName   = 'L'
	tarLongLink   = 'K'
)

const (
	tarBlock   = 512
	maxTarText = 1 << 20 // bytes of pax records, or of a long name
	maxTarMore = 64      // headers about one entry
)

var (
	errTarHeader = errors.New("a header is damaged")
	errTarCut    = io.ErrUnexpectedEOF
)

// A tarHeader is an entry of a tar, as far as an episode needs it.
type tarHeader struct {
	Name, Link string
	Type       byte
	Size       int64 // bytes that lie in the archive
	Sparse     bool  // they are not the content as it is
}

// A tarReader goes through a tar. It reads what the common writers write (ustar, pax,
// GNU's extensions, old forms), and needs the memory of one header whatever the archive
// holds: archive/tar keeps all of a sparse file's map, of any length.
type tarReader struct {
	r     io.Reader
	left  int64 // bytes of the entry that nobody has read
	pad   int64 // bytes behind it
	block [tarBlock]byte
}

// Read reads the content of the entry.
func (t *tarReader) Read(p []byte) (int, error) {
	if t.left == 0 {
		return 0, io.EOF
	}
	n, err := t.r.Read(p[:min(int64(len(p)), t.left)])
	t.left -= int64(n)
	if err == io.EOF && t.left > 0 {
		return n, errTarCut
	}
	if err == io.EOF {
		err = nil
	}
	return n, err
}

// next goes to the next entry; io.EOF is the end of the archive.
func (t *tarReader) next() (h tarHeader, err error) {
	var pax, named tarHeader
	paxSize := int64(-1)
	extended := false
	for n := 0; ; n++ {
		if n == maxTarMore {
			return h, errTarHeader
		}
		if err := t.skip(); err != nil {
			return h, err
		}
		if h, err = t.header(); err != nil {
			if err == io.EOF && extended {
				err = errTarCut
			}
			return h, err
		}
		switch h.Type {
		case tarPaxGlobal, tarVolume:
			continue
		case tarPax, tarPaxSun:
			extended = true
			text, err := t.text(h.Size)
			if err != nil {
				return h, err
			}
			if err := pax.records(text, &paxSize); err != nil {
				return h, err
			}
		case tarLongName, tarLongLink:
			extended = true
			text, err := t.text(h.Size)
			if err != nil {
				return h, err
			}
			name, _, _ := strings.Cut(text, "\x00")
			if h.Type == tarLongName {
				named.Name = name
			} else {
				named.Link = name
			}
		default:
			return t.entry(h, named, pax, paxSize)
		}
	}
}

// entry is what the header says with what was said of it before.
func (t *tarReader) entry(h, named, pax tarHeader, paxSize int64) (tarHeader, error) {
	for _, o := range []tarHeader{named, pax} {
		if o.Name != "" {
			h.Name = o.Name
		}
		if o.Link != "" {
			h.Link = o.Link
		}
	}
	if paxSize >= 0 {
		h.Size = paxSize
	}
	h.Sparse = pax.Sparse
	switch h.Type {
	case tarOld, tarContiguous:
		h.Type = tarRegular
	case tarDumpDir:
		h.Type = tarFolder
	case tarSparse:
		h.Type, h.Sparse = tarRegular, true
		if err := t.sparseMap(); err != nil {
			return h, err
		}
	case tarLink, tarSymlink, '3', '4', tarFolder, '6':
		h.Size = 0
	}
	if h.Type == tarRegular && strings.HasSuffix(h.Name, "/") {
		h.Type = tarFolder
	}
	t.left, t.pad = h.Size, -h.Size&(tarBlock-1)
	return h, nil
}

// skip passes over what is left of the entry. Padding that is missing at the end is
// no loss.
func (t *tarReader) skip() error {
	if err := discard(t.r, t.left); err != nil {
		return err
	}
	err := discard(t.r, t.pad)
	t.left, t.pad = 0, 0
	if err == errTarCut {
		err = nil
	}
	return err
}

// discard passes over n bytes.
func discard(r io.Reader, n int64) error {
	if n == 0 {
		return nil
	}
	if b, ok := r.(*bytes.Reader); ok {
		if int64(b.Len()) < n {
			b.Reset(nil)
			return errTarCut
		}
		_, err := b.Seek(n, io.SeekCurrent)
		return err
	}
	done, err := io.CopyN(io.Discard, r, n)
	if err == io.EOF && done < n {
		err = errTarCut
	}
	return err
}
