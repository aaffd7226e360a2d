package parquet

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go/format"
)

// TestDeltaByHand reads the example of Encodings.md, and what lies.
func TestDeltaByHand(t *testing.T) {
	// 7 5 3 1 2 3 4 5: blocks of 128 in 4 parts, 8 numbers, 7 first; the least
	// difference is -2, the others are 0 0 0 3 3 3 3 above it, in two bits.
	good := []byte{128, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0b11000000, 0b00111111, 0, 0, 0, 0, 0, 0}
	r, err := newDelta(good, 8)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{7, 5, 3, 1, 2, 3, 4, 5} {
		if got, err := r.next(); got != want || err != nil {
			t.Errorf("number %d is %d (%v), want %d", i, got, err, want)
		}
	}
	if _, err := r.next(); err == nil {
		t.Error("there is a ninth number")
	}
	for name, b := range map[string][]byte{
		"nothing":     nil,
		"only a head": good[:5],
		"no parts":    {128, 1, 0, 8, 14},
		"many":        binary.AppendUvarint([]byte{128, 1, 4}, 1<<40),
		"odd parts":   {128, 1, 3, 8, 14, 3, 2, 0, 0, 0, 0, 0},
		"wide":        {128, 1, 4, 8, 14, 3, 65, 0, 0, 0, 0, 0},
		"cut":         good[:11],
	} {
		r, err := newDelta(b, 8)
		for n := 0; err == nil && n < 8; n++ {
			_, err = r.next()
		}
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestEncodingsThatLie reads pages of texts in the delta encodings.
func TestEncodingsThatLie(t *testing.T) {
	run := func(n, first byte) []byte { return []byte{128, 1, 4, n, first << 1} } // one number
	for name, c := range map[string]struct {
		encoding format.Encoding
		body     []byte
		want     string
	}{
		"fine":        {format.DeltaLengthByteArray, append(run(1, 2), "ab"...), ""},
		"long":        {format.DeltaLengthByteArray, append(run(1, 3), "ab"...), errRuns.Error()},
		"minus":       {format.DeltaLengthByteArray, []byte{128, 1, 4, 1, 3}, "a length of -2"},
		"no prefix":   {format.DeltaByteArray, append(run(1, 0), append(run(1, 2), "ab"...)...), ""},
		"of nothing":  {format.DeltaByteArray, append(run(1, 1), append(run(1, 2), "ab"...)...), "begins with 1 bytes of one of 0"},
		"other count": {format.DeltaByteArray, append(run(1, 0), run(0, 0)...), "another number"},
	} {
		err := chunkOf(Leaf{}, pageBytes(t, dataPage(1, c.encoding), c.body)).each(func(_ bool, _ presence, v cell) error {
			if !bytes.Equal(v.bytes, []byte("ab")) {
				t.Errorf("%s: read %q", name, v.bytes)
			}
			return nil
		})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
