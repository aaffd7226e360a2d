package pack_test

import (
	"bytes"
	"slices"
	"testing"

	"assay/artifacts/pack"
)

func text() []byte {
	w := pack.NewWriter("test 1")
	w.Int(300)
	w.Bool(true)
	w.Text("wörter")
	w.Bytes([]byte{0, 1})
	w.Digest([32]byte{7})
	w.Fixed(1<<64 - 1)
	text, _ := w.Sum()
	return text
}

func TestRoundTrip(t *testing.T) {
	r, _, err := pack.Open("test 1", text())
	if err != nil {
		t.Fatal(err)
	}
	n, yes, s, b, d, big := r.Int(), r.Bool(), r.Text(), r.Bytes(), r.Digest(), r.Fixed()
	if n != 300 || !yes || s != "wörter" || !bytes.Equal(b, []byte{0, 1}) || d != [32]byte{7} || big != 1<<64-1 ||
		r.Err() != nil {
		t.Error(n, yes, s, b, d, big, r.Err())
	}
}

func TestDamage(t *testing.T) {
	whole := text()
	for i := range whole {
		bad := slices.Clone(whole)
		bad[i] ^= 0x40
		if _, _, err := pack.Open("test 1", bad); err == nil {
			t.Errorf("byte %d is changed, and nothing says so", i)
		}
		if _, _, err := pack.Open("test 1", whole[:i]); err == nil {
			t.Errorf("only %d bytes are left, and nothing says so", i)
		}
	}
	if _, _, err := pack.Open("test 2", whole); err == nil {
		t.Error("it is opened under another name")
	}
}

// FuzzRead reads texts whose checksum is right and whose values are anything.
func FuzzRead(f *testing.F) {
	f.Add([]byte("\x05ab"), []byte("nttbdc"))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), []byte("cnb"))
	f.Fuzz(func(t *testing.T, values, order []byte) {
		w := pack.NewWriter("fuzz 1")
		w.Bytes(values)
		inner, _ := w.Sum()
		r, _, err := pack.Open("fuzz 1", inner)
		if err != nil {
			t.Fatal(err)
		}
		r.Count() // now the values are next
		for _, what := range order {
			left := len(values)
			switch what % 7 {
			case 0:
				r.Int()
			case 1:
				if n := r.Count(); n > left {
					t.Fatalf("%d values in %d bytes", n, left)
				}
			case 2:
				r.Text()
			case 3:
				r.Bytes()
			case 4:
				r.Digest()
			case 5:
				r.Bool()
			case 6:
				r.Fixed()
			}
			if r.Bad() && (r.Err() == nil || r.Int() != 0 || r.Text() != "") {
				t.Fatal("a damaged text goes on")
			}
		}
	})
}
