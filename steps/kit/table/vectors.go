package table

import (
	"fmt"
	"io"
	"io/fs"
	"slices"

	"assay/steps/kit/parquet"
)

// VectorsFile is the name of a vectors table, or of one part of it.
const VectorsFile = "vectors.parquet"

// Vectors is a feature matrix with one row for each episode as a whole, in key
// order.
type Vectors struct {
	FeatureMatrix
	Episodes []EpisodeRef
}

// A VectorsWriter writes one part of a vectors table. It holds one row group in
// memory.
type VectorsWriter struct{ featureWriter }

// vectorIDs are the columns of a vectors file before its features.
const vectorIDs = 4

// NewVectorsWriter starts a part on w with these feature columns. schemaHash
// identifies what the features mean. A mistake in the names is returned by the
// first call that follows.
func NewVectorsWriter(w io.Writer, features []string, schemaHash string) *VectorsWriter {
	return &VectorsWriter{newWriter(w, "vectors", idColumns[:vectorIDs], features, schemaHash)}
}

// Append adds an episode; episodes come in key order, if the file is to be read
// fast.
func (w *VectorsWriter) Append(ep EpisodeRef, x []float32) error {
	return w.m.Do(func() error { return w.append(ep, x) })
}

func (w *VectorsWriter) append(ep EpisodeRef, x []float32) error {
	if err := checkKey(ep.Key); err != nil {
		return err
	}
	if len(x) != w.features {
		return fmt.Errorf("episode %s of host %s: %d values for %d features", ep.Episode, ep.Host, len(x), w.features)
	}
	nameRow(w.m, ep)
	return w.m.Row(x)
}

// ReadVectors reads a vectors table: every *.parquet below fsys, in any
// sub-folder. All parts must have the same features and no two different schema
// hashes; see [ReadWindows]. An episode that is there twice is an error.
func ReadVectors(fsys fs.FS) (*Vectors, error) {
	v, err := readVectors(fsys)
	if err != nil {
		return nil, fmt.Errorf("vectors: %w", err)
	}
	return v, nil
}

// readVectors is ReadVectors without the name of the table in errors.
func readVectors(fsys fs.FS) (*Vectors, error) {
	all, err := parquet.OpenAll(fsys)
	if err != nil {
		return nil, err
	}
	defer all.Close()
	m, err := openMatrix(all, idColumns[:vectorIDs])
	if err != nil {
		return nil, err
	}
	var rows []EpisodeRef
	texts := parquet.NewTexter()
	for _, p := range all {
		if rows, err = parquet.ReadAll(rows, p, episodeColumns(texts)); err != nil {
			return nil, err
		}
	}
	v := &Vectors{FeatureMatrix: *m, Episodes: slices.Clone(rows)}
	if err := sortByKey(v.Episodes); err != nil {
		return nil, err
	}
	place := make([]int32, len(rows))
	for i, r := range rows {
		to, _ := Find(v.Episodes, r.Key)
		place[i] = int32(to)
	}
	return v, v.fill(all, place)
}

// episodeColumns says where the columns that name an episode go.
func episodeColumns(t *parquet.Texter) []parquet.Column[EpisodeRef] {
	return []parquet.Column[EpisodeRef]{
		parquet.TextColumn("host_id", t, func(r *EpisodeRef) *string { return &r.Host }),
		parquet.TextColumn("episode_id", t, func(r *EpisodeRef) *string { return &r.Key.Episode }),
		parquet.OptionalText("profile", t, func(r *EpisodeRef) *string { return &r.Profile }),
		parquet.OptionalText("sample", t, func(r *EpisodeRef) *string { return &r.Sample }),
	}
}
