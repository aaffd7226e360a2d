package table

import (
	"cmp"
	"fmt"

	"assay/steps/kit/parquet"
)

// schemaKey is the key of a file's metadata that holds the schema hash.
const schemaKey = "assay.schema"

// openHash is openMatrix for a table of which no feature is read.
func openHash(all parquet.Files) (*FeatureMatrix, error) {
	hash, unknown, err := commonHash(all)
	if err != nil {
		return nil, err
	}
	m := &FeatureMatrix{SchemaHash: hash}
	if len(unknown) > 0 {
		m.forget(unknown)
	}
	return m, nil
}

// commonHash returns the schema hash of a table, and the names of the parts that lack one. No
// two parts may have different ones.
func commonHash(all parquet.Files) (hash string, unknown []string, err error) {
	for _, p := range all {
		h := p.Lookup(schemaKey)
		if h == "" {
			unknown = append(unknown, p.Name)
			continue
		}
		if hash = cmp.Or(hash, h); h != hash {
			return "", nil, p.Wrap(fmt.Errorf("its schema hash is %.12q, that of a part before is %.12q; "+
				"make all parts with the same kind and parameters", h, hash))
		}
	}
	return hash, unknown, nil
}

// forget takes the schema hash away, since parts of the table lack it.
func (m *FeatureMatrix) forget(unknown []string) {
	m.Remarks = append(m.Remarks, fmt.Sprintf("there is no schema hash in %s, as pandas, polars and DuckDB leave it "+
		"out; what the features were made with (window, cures) is not known", someNames(unknown)))
	m.SchemaHash = ""
}
