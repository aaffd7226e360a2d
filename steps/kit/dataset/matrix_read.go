package dataset

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"assay/steps/kit/channel"
)

// A found is what one part of a table of features has.
type found struct {
	features []string // in the order of the registry
	whole    []string // those of them that are not floats
	others   []string // columns that are neither features nor ids
	hash     string
}

// openMatrix finds the features and the schema hash of a table, which its parts
// must agree on. ids are the columns that are no features.
func openMatrix(all parts, ids []string) (*matrix, error) {
	registry := map[string]int{}
	for i, name := range channel.FeatureNames() {
		registry[name] = i
	}
	var first found
	m := &matrix{}
	var whole, others, unknown []string
	for i, p := range all {
		f, err := featuresOf(p, ids, registry)
		if err != nil {
			return nil, p.wrap(err)
		}
		if i == 0 {
			first, m.features, m.hash = f, f.features, f.hash
		}
		if !slices.Equal(f.features, m.features) {
			return nil, p.wrap(fmt.Errorf("its %d features are not the %d of %s: %s; make all parts with the same "+
				"kind and parameters",
				len(f.features), len(m.features), all[0].name, firstDifference(f.features, first.features)))
		}
		if f.hash == "" {
			unknown = append(unknown, p.name)
		} else if m.hash = cmp.Or(m.hash, f.hash); f.hash != m.hash {
			return nil, p.wrap(fmt.Errorf("its schema hash is %.12q, that of a part before is %.12q; "+
				"make all parts with the same kind and parameters", f.hash, m.hash))
		}
		whole, others = append(whole, f.whole...), append(others, f.others...)
	}
	m.remark(whole, others, unknown, len(registry))
	return m, nil
}

// remark says what people should know of a table that somebody rewrote, and
// forgets the schema hash if it cannot be that of the features.
func (m *matrix) remark(whole, others, unknown []string, registered int) {
	say := func(format string, args ...any) { m.remarks = append(m.remarks, fmt.Sprintf(format, args...)) }
	if len(others) > 0 {
		say("columns that are no features of the registry are ignored: %s", someNames(others))
	}
	if len(whole) > 0 {
		say("features that are not floats in the file are read as floats: %s", someNames(whole))
	}
	switch {
	case len(m.features) < registered:
		if m.hash != "" {
			say("the table has %d of %d features, so the schema hash in it is of other columns and is not believed",
				len(m.features), registered)
		} else {
			say("the table has %d of %d features and no schema hash, so what they were made with is not known",
				len(m.features), registered)
		}
		m.hash = ""
	case len(unknown) > 0:
		say("there is no schema hash in %s, as pandas, polars and DuckDB leave it out; "+
			"what the features were made with (window, cures) is not known", someNames(unknown))
		m.hash = ""
	}
}

// featuresOf sorts the columns of a part into features and others.
func featuresOf(p *part, ids []string, registry map[string]int) (found, error) {
	f := found{hash: p.lookup(schemaKey)}
	last := -1
	for i := range p.leaves {
		l := &p.leaves[i]
		if slices.Contains(ids, l.name) || l.column == last {
			continue
		}
		last = l.column
		if slices.Contains(idColumns[:], l.name) {
			return f, fmt.Errorf("it has a column %s: it is a windows table", l.name)
		}
		if _, known := registry[l.name]; !known {
			f.others = append(f.others, l.name)
			continue
		}
		if slices.Contains(f.features, l.name) {
			return f, fmt.Errorf("feature %s is there twice", l.name)
		}
		if !l.numbers() {
			return f, fmt.Errorf("feature %s is %s (%s), want a number in each row", l.name, l.typeName(), l.shape)
		}
		if !l.fractions() {
			f.whole = append(f.whole, l.name+" as "+l.typeName())
		}
		f.features = append(f.features, l.name)
	}
	slices.SortFunc(f.features, func(a, b string) int { return cmp.Compare(registry[a], registry[b]) })
	return f, nil
}

// schemaKey is the key of a file's metadata that holds the schema hash.
const schemaKey = "assay.schema"

// maxNames is how many names a remark lists.
const maxNames = 5

// someNames lists distinct names, the first few of them.
func someNames(names []string) string {
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	more := ""
	if n := len(names) - maxNames; n > 0 {
		names, more = names[:maxNames], fmt.Sprintf(" and %d more", n)
	}
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = fmt.Sprintf("%.60q", name)
		if name == "__index_level_0__" {
			list[i] += " (the index that pandas adds)"
		}
	}
	return strings.Join(list, ", ") + more
}

// firstDifference names a feature that only one of two lists has.
func firstDifference(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("the first difference is %q against %q", a[i], b[i])
		}
	}
	return "one has more features"
}
