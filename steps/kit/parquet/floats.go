package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go/format"
)

// ReadFloats reads a column of a row group: the value of row i goes to
// x[stride*place[i]], a null as NaN.
func (p *File) ReadFloats(group int, name string, x []float32, stride int, place []int32) error {
	i, err := p.leaf(name, false)
	if err != nil {
		return err
	}
	c := p.open(group, i)
	t := target{x: x, stride: stride, place: place}
	for {
		pg, err := c.next()
		if err == io.EOF {
			break
		}
		if err == nil && c.kind == format.Float && pg.encoding == format.Plain && pg.def == nil &&
			c.sense.of == meansItself {
			err = t.floats(pg)
		} else if err == nil {
			err = c.eachOf(pg, t.cell)
		}
		if err != nil {
			return err
		}
	}
	if len(t.place) != 0 {
		return fmt.Errorf("%d values are missing", len(t.place))
	}
	return nil
}

// A target is where the values of a column go.
type target struct {
	x      []float32
	stride int
	place  []int32 // rows of the values to come
}

// floats copies a page of plain floats without nulls.
func (t *target) floats(p page) error {
	if p.n > len(t.place) || p.n*4 > len(p.body) {
		return errors.New("a page has more values than there are rows, or ends too early")
	}
	body := p.body
	for _, row := range t.place[:p.n] {
		t.x[int(row)*t.stride] = math.Float32frombits(binary.LittleEndian.Uint32(body))
		body = body[4:]
	}
	t.place = t.place[p.n:]
	return nil
}

// cell takes a value as other tools may write it: a double, from a dictionary,
// a null where it is missing.
func (t *target) cell(_ bool, is presence, c cell) error {
	if len(t.place) == 0 {
		return errors.New("more values than rows")
	}
	v := math.NaN()
	if is == present {
		var err error
		if v, err = c.number(); err != nil {
			return err
		}
		if math.Abs(v) > math.MaxFloat32 && !math.IsInf(v, 0) {
			return fmt.Errorf("%v is too large for a feature", v)
		}
	}
	t.x[int(t.place[0])*t.stride] = CanonicalNaN(float32(v))
	t.place = t.place[1:]
	return nil
}

// CanonicalNaN gives every NaN the same bits: which ones arithmetic leaves depends on
// the processor.
func CanonicalNaN(v float32) float32 {
	if v != v {
		return math.Float32frombits(0x7fc00000)
	}
	return v
}
