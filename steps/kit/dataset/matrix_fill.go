package dataset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go/format"
)

// A matrix is what tables of features have in common.
type matrix struct {
	features []string
	hash     string
	remarks  []string
	x        []float32 // row-major, a row for each of the table
}

// fill reads the features of all parts straight to their places in x: row i of
// the parts, one after the other, goes to row place[i].
func (m *matrix) fill(all parts, place []int32) error {
	if len(place)*len(m.features) > maxCells {
		return fmt.Errorf("%d rows of %d features are more than %d values", len(place), len(m.features), maxCells)
	}
	m.x = make([]float32, len(place)*len(m.features))
	for _, p := range all {
		for g := range p.meta.RowGroups {
			n := int(p.meta.RowGroups[g].NumRows)
			for f, name := range m.features {
				if err := m.fillColumn(p, g, f, place[:n]); err != nil {
					return p.wrap(fmt.Errorf("feature %s, row group %d: %w", name, g, err))
				}
			}
			place = place[n:]
		}
	}
	return nil
}

func (m *matrix) fillColumn(p *part, group, feature int, place []int32) error {
	i, err := p.leaf(m.features[feature], false)
	if err != nil {
		return err
	}
	c := p.open(group, i)
	t := target{x: m.x, stride: len(m.features), column: feature, place: place}
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
	x              []float32
	stride, column int
	place          []int32 // rows of the values to come
}

// floats copies a page as this package writes it.
func (t *target) floats(p page) error {
	if p.n > len(t.place) || p.n*4 > len(p.body) {
		return errors.New("a page has more values than there are rows, or ends too early")
	}
	body := p.body
	for _, row := range t.place[:p.n] {
		t.x[int(row)*t.stride+t.column] = math.Float32frombits(binary.LittleEndian.Uint32(body))
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
	t.x[int(t.place[0])*t.stride+t.column] = canonical(float32(v))
	t.place = t.place[1:]
	return nil
}
