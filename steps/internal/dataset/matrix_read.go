package dataset

import (
	"fmt"
	"slices"
)

// openMatrix finds the features and the schema hash, which all parts must share.
// ids are the columns that are no features.
func openMatrix(all parts, ids []string) (*matrix, error) {
	m := &matrix{}
	for i, p := range all {
		f := featuresOf(p, ids)
		h := p.lookup(schemaKey)
		if err := checkFeatures(f); err != nil {
			return nil, p.wrap(err)
		}
		if i == 0 {
			m.features, m.hash = f, h
			continue
		}
		if !slices.Equal(f, m.features) {
			return nil, p.wrap(fmt.Errorf("its %d features are not the %d of %s: %s; make all parts with the same kind and parameters",
				len(f), len(m.features), all[0].name, firstDifference(f, m.features)))
		}
		if h != m.hash {
			return nil, p.wrap(fmt.Errorf("its schema hash is %.12q, that of %s is %.12q; make all parts with the same kind and parameters",
				h, all[0].name, m.hash))
		}
	}
	return m, nil
}

// featuresOf lists the columns that are not an id.
func featuresOf(p *part, ids []string) []string {
	var list []string
	for _, l := range p.leaves {
		if !slices.Contains(ids, l.name) {
			list = append(list, l.name)
		}
	}
	return list
}

func firstDifference(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("column %d is %q against %q", i, a[i], b[i])
		}
	}
	return "one has more columns"
}
