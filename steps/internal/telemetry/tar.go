package telemetry

import (
	"bytes"
	"errors"
	"io"
	"strconv"
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

// header reads one header block. Two empty ones end an archive, and so does the end
// of the file.
func (t *tarReader) header() (h tarHeader, err error) {
	b := t.block[:]
	for empty := 0; ; empty++ {
		if _, err := io.ReadFull(t.r, b); err != nil {
			return h, err
		}
		if len(bytes.Trim(b, "\x00")) > 0 {
			if empty > 0 {
				return h, errTarHeader
			}
			break
		}
		if empty == 1 {
			return h, io.EOF
		}
	}
	if !rightSum(b) {
		return h, errTarHeader
	}
	size, ok := tarNumber(b[124:136])
	if !ok {
		return h, errTarHeader
	}
	h = tarHeader{Name: tarText(b[:100]), Link: tarText(b[157:257]), Type: b[156], Size: size}
	if string(b[257:263]) == "ustar\x00" {
		prefix := b[345:500]
		if string(b[508:512]) == "tar\x00" { // star has times there
			prefix = b[345:476]
		}
		if p := tarText(prefix); p != "" {
			h.Name = p + "/" + h.Name
		}
	}
	t.left, t.pad = h.Size, -h.Size&(tarBlock-1)
	return h, nil
}

// sparseMap passes over the blocks in which the map of a sparse file goes on.
func (t *tarReader) sparseMap() error {
	more := t.block[482] != 0
	for more {
		if _, err := io.ReadFull(t.r, t.block[:]); err != nil {
			return errTarCut
		}
		more = t.block[504] != 0
	}
	return nil
}

// text reads a content that is about the next entry.
func (t *tarReader) text(size int64) (string, error) {
	if size > maxTarText {
		return "", errTarHeader
	}
	b := make([]byte, size)
	_, err := io.ReadFull(t, b)
	if err == io.EOF && size > 0 {
		err = errTarCut
	}
	return string(b), err
}

// records reads pax records, "LENGTH KEY=VALUE\n".
func (h *tarHeader) records(text string, size *int64) error {
	for text != "" {
		length, _, ok := strings.Cut(text, " ")
		n, err := strconv.Atoi(length)
		if !ok || err != nil || n <= len(length)+1 || n > len(text) || text[n-1] != '\n' {
			return errTarHeader
		}
		key, value, ok := strings.Cut(text[len(length)+1:n-1], "=")
		if !ok || key == "" {
			return errTarHeader
		}
		text = text[n:]
		switch key {
		case "path", "GNU.sparse.name":
			if h.Sparse && key == "path" && h.Name != "" {
				break // GNU's name of a sparse file is the true one
			}
			h.Name = value
		case "linkpath":
			h.Link = value
		case "size":
			if *size, err = strconv.ParseInt(value, 10, 64); err != nil || *size < 0 {
				return errTarHeader
			}
		}
		h.Sparse = h.Sparse || strings.HasPrefix(key, "GNU.sparse.")
	}
	return nil
}

// rightSum reports whether the checksum of a header is right: the sum of its bytes,
// signed in some old archives, its own field counting as spaces.
func rightSum(b []byte) bool {
	want, ok := tarNumber(b[148:156])
	unsigned, signed := int64(0), int64(0)
	for i, c := range b {
		if i >= 148 && i < 156 {
			c = ' '
		}
		unsigned += int64(c)
		signed += int64(int8(c))
	}
	return ok && (want == unsigned || want == signed)
}

// tarNumber reads a number: octal digits, or bytes if the first has its high bit.
func tarNumber(b []byte) (int64, bool) {
	if b[0]&0x80 != 0 {
		n := int64(b[0] & 0x7f)
		if n&0x40 != 0 || n > 0 && len(b) > 8 {
			return 0, false // negative, or past 63 bits
		}
		for _, c := range b[1:] {
			if n > 1<<54 {
				return 0, false
			}
			n = n<<8 | int64(c)
		}
		return n, true
	}
	text := strings.Trim(string(b), " \x00")
	if text == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(text, 8, 64)
	return n, err == nil && n >= 0
}

// tarText is a text up to its first zero.
func tarText(b []byte) string {
	s, _, _ := bytes.Cut(b, []byte{0})
	return string(s)
}
