package episode

import (
	"bytes"
	"io"
	"strconv"
	"strings"
)

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
