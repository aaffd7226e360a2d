package huge

import (
	"bytes"
	"testing"
)

func TestBytes(t *testing.T) {
	for _, n := range []int{0, 1, page, 2*page - 1, 2 * page, 5*page + 12345} {
		b := Bytes(n)
		if len(b) != n || !bytes.Equal(b, make([]byte, n)) {
			t.Fatalf("%d bytes: %d bytes, must be zero", n, len(b))
		}
		for i := range b {
			b[i] = byte(i % 251)
		}
		for i, v := range b {
			if v != byte(i%251) {
				t.Fatalf("%d bytes: byte %d is %d", n, i, v)
			}
		}
	}
}
