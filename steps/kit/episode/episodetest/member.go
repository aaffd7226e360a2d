package episodetest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"testing"
)

// Member writes a member whose content is a text over and over.
func Member(w io.Writer, name string, kind byte, size int64, text []byte) {
	Head(w, name, kind, size)
	if kind == 'S' {
		return
	}
	if len(text) == 0 {
		Zeros(w, size)
	} else {
		piece := bytes.Repeat(text, 1+int(min(64<<10, size))/len(text))
		for left := size; left > 0; left -= int64(len(piece)) {
			_, _ = w.Write(piece[:min(int64(len(piece)), left)])
		}
	}
	Zeros(w, -size&511)
}

// Head writes the header of a member.
func Head(w io.Writer, name string, kind byte, size int64) {
	h := make([]byte, 512)
	copy(h, name)
	copy(h[124:], fmt.Sprintf("%011o", size))
	h[156] = kind
	copy(h[257:], "ustar\x0000")
	if kind == 'S' {
		h[482] = 1
	}
	copy(h[148:], "        ")
	sum := 0
	for _, c := range h {
		sum += int(c)
	}
	copy(h[148:], fmt.Sprintf("%06o\x00 ", sum))
	_, _ = w.Write(h)
}

// Zeros writes n zeros.
func Zeros(w io.Writer, n int64) {
	piece := make([]byte, min(64<<10, n))
	for ; n > 0; n -= int64(len(piece)) {
		_, _ = w.Write(piece[:min(int64(len(piece)), n)])
	}
}

// File writes a file as a member.
func File(t testing.TB, w io.Writer, name, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	Head(w, name, '0', info.Size())
	if _, err := io.Copy(w, f); err != nil {
		t.Fatal(err)
	}
	Zeros(w, -info.Size()&511)
}
