package dataset

import "github.com/parquet-go/parquet-go"

// orderedGroup is a group whose columns are in our order: a parquet.Group is a
// map, and comes out in the order of the alphabet. The library asks for them often.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

// Fields returns the columns in order.
func (g orderedGroup) Fields() []parquet.Field { return g.fields }

// matrixSchema is the schema of a file of features.
func matrixSchema(table string, ids []idColumn, features []string) *parquet.Schema {
	g := parquet.Group{}
	at := make(map[string]int, len(ids)+len(features))
	add := func(name string, n parquet.Node) {
		at[name] = len(at)
		g[name] = n
	}
	for _, id := range ids {
		if id.number {
			add(id.name, parquet.Leaf(parquet.DoubleType))
		} else {
			add(id.name, parquet.String()) // without a dictionary, see writerOptions
		}
	}
	for _, name := range features {
		add(name, parquet.Leaf(parquet.FloatType))
	}
	ordered := make([]parquet.Field, len(g))
	for _, f := range g.Fields() {
		ordered[at[f.Name()]] = f
	}
	return parquet.NewSchema(table, orderedGroup{g, ordered})
}
