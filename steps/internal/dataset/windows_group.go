package dataset

import (
	"math"

	"github.com/parquet-go/parquet-go"
)

// orderedGroup is a group whose columns are in our order: a parquet.Group is a
// map, and comes out in the order of the alphabet.
type orderedGroup struct {
	parquet.Group
	order []string
}

// Fields returns the columns in order.
func (g orderedGroup) Fields() []parquet.Field {
	at := make(map[string]int, len(g.order))
	for i, name := range g.order {
		at[name] = i
	}
	out := make([]parquet.Field, len(g.order))
	for _, f := range g.Group.Fields() {
		out[at[f.Name()]] = f
	}
	return out
}

func (g *orderedGroup) add(name string, n parquet.Node) {
	g.Group[name] = n
	g.order = append(g.order, name)
}

// windowsSchema is the schema of a windows file.
func windowsSchema(features []string) *parquet.Schema {
	g := orderedGroup{Group: parquet.Group{}}
	for _, name := range idColumns {
		if name == "t_center_s" {
			g.add(name, parquet.Leaf(parquet.DoubleType))
			continue
		}
		g.add(name, parquet.String()) // without a dictionary, see writerOptions
	}
	for _, name := range features {
		g.add(name, parquet.Leaf(parquet.FloatType))
	}
	return parquet.NewSchema("windows", g)
}

// flush writes the waiting rows as one row group, column by column.
func (w *WindowsWriter) flush() (err error) {
	defer recovered(&err)
	if w.n == 0 {
		return nil
	}
	texts := w.ids[:]
	for c, name := range idColumns {
		if name == "t_center_s" {
			err = w.column(c, func(i int) parquet.Value { return parquet.DoubleValue(w.center[i]) })
		} else {
			list := texts[0]
			texts = texts[1:]
			err = w.column(c, func(i int) parquet.Value { return parquet.ByteArrayValue([]byte(list[i])) })
		}
		if err != nil {
			return err
		}
	}
	for f := range w.features {
		err := w.column(len(idColumns)+f, func(i int) parquet.Value { return parquet.FloatValue(canonical(w.x[i*w.features+f])) })
		if err != nil {
			return err
		}
	}
	for c := range w.ids {
		w.ids[c] = w.ids[c][:0]
	}
	w.center, w.x, w.n = w.center[:0], w.x[:0], 0
	return w.out.Flush()
}

// column writes one column of the row group.
func (w *WindowsWriter) column(c int, cell func(i int) parquet.Value) error {
	w.cells = w.cells[:0]
	for i := range w.n {
		w.cells = append(w.cells, cell(i).Level(0, 0, c))
	}
	_, err := w.out.ColumnWriters()[c].WriteRowValues(w.cells)
	return err
}

// canonical gives every NaN the same bits: which ones arithmetic leaves depends
// on the processor.
func canonical(v float32) float32 {
	if v != v {
		return math.Float32frombits(0x7fc00000)
	}
	return v
}
