package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"assay/steps/kit/channel"
	"assay/steps/kit/parquet"
)

// A found is what one part of a table of features has.
type found struct {
	features []string // in the order of the registry
	whole    []string // those of them that are not floats
	others   []string // columns that are neither features nor ids
}

// openMatrix finds the features and the schema hash of a table, which its parts
// must agree on. ids are the columns that are no features.
func openMatrix(all parquet.Files, ids []string) (*FeatureMatrix, error) {
	registry := map[string]int{}
	for i, name := range channel.InContext(channel.FeatureNames(), channel.Contexts()...) {
		registry[name] = i
	}
	var first found
	m := &FeatureMatrix{}
	var whole, others []string
	for i, p := range all {
		f, err := featuresOf(p, ids, registry)
		if err != nil {
			return nil, p.Wrap(err)
		}
		if i == 0 {
			first, m.Features = f, f.features
		}
		if !slices.Equal(f.features, m.Features) {
			return nil, p.Wrap(fmt.Errorf("its %d features are not the %d of %s: %s; make all parts with the same "+
				"kind and parameters",
				len(f.features), len(m.Features), all[0].Name, firstDifference(f.features, first.features)))
		}
		whole, others = append(whole, f.whole...), append(others, f.others...)
	}
	hash, unknown, err := commonHash(all)
	if err != nil {
		return nil, err
	}
	m.SchemaHash = hash
	registered := channel.NumFeatures
	if slices.ContainsFunc(m.Features, channel.IsContext) {
		registered = len(registry)
	}
	m.remark(whole, others, unknown, registered)
	return m, nil
}

// remark says what people should know of a table that somebody rewrote, and
// forgets the schema hash if it cannot be that of the features.
func (m *FeatureMatrix) remark(whole, others, unknown []string, registered int) {
	say := func(format string, args ...any) { m.Remarks = append(m.Remarks, fmt.Sprintf(format, args...)) }
	if len(others) > 0 {
		say("columns that are no features of the registry are ignored: %s", someNames(others))
	}
	if len(whole) > 0 {
		say("features that are not floats in the file are read as floats: %s", someNames(whole))
	}
	switch {
	case len(m.Features) < registered:
		if m.SchemaHash != "" {
			say("the table has %d of %d features, so the schema hash in it is of other columns and is not believed",
				len(m.Features), registered)
		} else {
			say("the table has %d of %d features and no schema hash, so what they were made with is not known",
				len(m.Features), registered)
		}
		m.SchemaHash = ""
	case len(unknown) > 0:
		m.forget(unknown)
	}
}

// featuresOf sorts the columns of a part into features and others.
func featuresOf(p *parquet.File, ids []string, registry map[string]int) (found, error) {
	f := found{}
	last := -1
	for i := range p.Leaves {
		l := &p.Leaves[i]
		if slices.Contains(ids, l.Name) || l.Column == last {
			continue
		}
		last = l.Column
		if slices.Contains(idColumns[:], l.Name) {
			return f, fmt.Errorf("it has a column %s: it is a windows table", l.Name)
		}
		if _, known := registry[l.Name]; !known {
			f.others = append(f.others, l.Name)
			continue
		}
		if slices.Contains(f.features, l.Name) {
			return f, fmt.Errorf("feature %s is there twice", l.Name)
		}
		if !l.Numbers() {
			return f, fmt.Errorf("feature %s is %v, want a number in each row", l.Name, l)
		}
		if !l.Fractions() {
			f.whole = append(f.whole, l.Name+" as "+l.TypeName())
		}
		f.features = append(f.features, l.Name)
	}
	slices.SortFunc(f.features, func(a, b string) int { return cmp.Compare(registry[a], registry[b]) })
	return f, nil
}

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
