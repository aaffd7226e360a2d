package matrix

import (
	"encoding/binary"
	"math"

	"github.com/parquet-go/parquet-go/format"
)

// maxBound is the length of a text that is told as a bound; what is longer makes
// the footer large and helps no search.
const maxBound = 256

// An idColumn holds the waiting values of a column before the features, as the
// bytes that its page will be: of texts or of doubles.
type idColumn struct {
	Column
	page []byte

	first, last       string  // of texts, in the order of their bytes
	smallest, largest float64 // of doubles
}

// text adds a text.
func (c *idColumn) text(s string) {
	if len(c.page) == 0 {
		c.first, c.last = s, s
	}
	c.first, c.last = min(c.first, s), max(c.last, s)
	c.page = append(binary.LittleEndian.AppendUint32(c.page, uint32(len(s))), s...)
}

// double adds a finite number.
func (c *idColumn) double(v float64) {
	if len(c.page) == 0 {
		c.smallest, c.largest = v, v
	}
	c.smallest, c.largest = min(c.smallest, v), max(c.largest, v)
	c.page = binary.LittleEndian.AppendUint64(c.page, math.Float64bits(v))
}

// bounds returns those of the waiting values, of which there are some.
func (c *idColumn) bounds() bounds {
	if c.Kind == format.Double {
		least, greatest := zeros(c.smallest, c.largest)
		return bounds{true, double(least), double(greatest)}
	}
	if max(len(c.first), len(c.last)) > maxBound {
		return bounds{}
	}
	return bounds{true, c.first, c.last}
}
