// Package pack writes and reads the texts of caches that would be slow to parse as words: numbers, texts and
// digests, one after the other, with a checksum at the end.
//
// A cache is written by a [Writer] and read by a [Reader], in the same order. A reader of a damaged text says so:
// [Open] checks the sum, and [Reader.Err] says whether a value was no value. No text makes a reader panic, and no
// count that it says is higher than the number of its bytes.
package pack

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strings"
)

// ErrDamaged says that a text is not what a Writer wrote.
var ErrDamaged = errors.New("damaged")

// A Writer writes values one after the other.
type Writer struct{ b []byte }

// NewWriter returns a writer of a text that begins with a line that says what it is.
func NewWriter(head string) *Writer { return &Writer{append([]byte(head), '\n')} }

// Int writes a number, not below 0.
func (w *Writer) Int(n int) { w.b = binary.AppendUvarint(w.b, uint64(n)) }

// Fixed writes a number of any size, in 8 bytes.
func (w *Writer) Fixed(n uint64) { w.b = binary.LittleEndian.AppendUint64(w.b, n) }

// Bool writes true or false.
func (w *Writer) Bool(v bool) {
	n := 0
	if v {
		n = 1
	}
	w.Int(n)
}

// Text writes a text.
func (w *Writer) Text(s string) {
	w.Int(len(s))
	w.b = append(w.b, s...)
}

// Bytes writes bytes.
func (w *Writer) Bytes(b []byte) {
	w.Int(len(b))
	w.b = append(w.b, b...)
}

// Digest writes a digest.
func (w *Writer) Digest(d [sha256.Size]byte) { w.b = append(w.b, d[:]...) }

// Sum returns the whole text, and the checksum that it ends with.
func (w *Writer) Sum() (text []byte, sum [sha256.Size]byte) {
	sum = sha256.Sum256(w.b)
	return append(w.b, sum[:]...), sum
}

// A Reader reads the values that a Writer wrote. After one that is damaged it returns only zeros.
type Reader struct {
	b   []byte // what is left
	s   string // the same, so that texts need no copies
	bad bool
}

// Open returns a reader of a text that begins with head, and the checksum that it ends with.
func Open(head string, text []byte) (*Reader, [sha256.Size]byte, error) {
	var sum [sha256.Size]byte
	at := len(text) - len(sum)
	if at < 0 || copy(sum[:], text[at:]) < len(sum) || sha256.Sum256(text[:at]) != sum {
		return nil, sum, ErrDamaged
	}
	s, ok := strings.CutPrefix(string(text[:at]), head+"\n")
	if !ok {
		return nil, sum, ErrDamaged
	}
	return &Reader{b: text[at-len(s) : at : at], s: s}, sum, nil
}

// SumOf returns the checksum that a text ends with, right or not; zeros if the text is too short.
func SumOf(text []byte) (sum [sha256.Size]byte) {
	if len(text) >= len(sum) {
		copy(sum[:], text[len(text)-len(sum):])
	}
	return sum
}

// skip takes n bytes off what is left.
func (r *Reader) skip(n int) {
	r.b, r.s = r.b[n:], r.s[n:]
}

// fail notes that the text is damaged.
func (r *Reader) fail() { r.b, r.s, r.bad = nil, "", true }

// Int reads a number.
func (r *Reader) Int() int {
	n, size := binary.Uvarint(r.b)
	if size <= 0 || n > 1<<62 {
		r.fail()
		return 0
	}
	r.skip(size)
	return int(n)
}

// Fixed reads a number of any size.
func (r *Reader) Fixed() uint64 {
	if len(r.b) < 8 {
		r.fail()
		return 0
	}
	n := binary.LittleEndian.Uint64(r.b)
	r.skip(8)
	return n
}

// Count reads how many values follow. Each takes at least one byte, so there are not more than bytes are left.
func (r *Reader) Count() int { return r.Below(len(r.b) + 1) }

// Below reads a number from 0 to n-1, such as an index.
func (r *Reader) Below(n int) int {
	v := r.Int()
	if v >= n {
		r.fail()
		return 0
	}
	return v
}

// Bool reads true or false.
func (r *Reader) Bool() bool { return r.Below(2) == 1 }

// Text reads a text.
func (r *Reader) Text() string {
	n := r.Count()
	if n > len(r.s) {
		r.fail()
		return ""
	}
	s := r.s[:n]
	r.skip(n)
	return s
}

// Bytes reads bytes. The caller must not change them.
func (r *Reader) Bytes() []byte {
	n := r.Count()
	if n > len(r.b) {
		r.fail()
		return nil
	}
	b := r.b[:n:n]
	r.skip(n)
	return b
}

// Digest reads a digest.
func (r *Reader) Digest() (d [sha256.Size]byte) {
	if len(r.b) < len(d) {
		r.fail()
		return d
	}
	copy(d[:], r.b)
	r.skip(len(d))
	return d
}

// Err returns ErrDamaged if a value was damaged, or if some are left.
func (r *Reader) Err() error {
	if r.bad || len(r.b) > 0 {
		return ErrDamaged
	}
	return nil
}

// Bad reports whether a value was damaged. A loop that reads many ends early if it asks.
func (r *Reader) Bad() bool { return r.bad }
