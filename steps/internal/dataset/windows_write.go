package dataset

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// schemaKey is the key of the file's metadata that holds the schema hash.
const schemaKey = "assay.schema"

// idColumns are the columns of a windows file before its features.
var idColumns = [...]string{"host_id", "episode_id", "profile", "sample", "t_center_s", "phase"}

// A WindowsWriter writes one part of a windows table. It holds one row group
// in memory.
type WindowsWriter struct {
	out      *parquet.GenericWriter[any]
	features int
	n        int // rows waiting

	ids    [5][]string // host, episode, profile, sample, phase
	center []float64
	x      []float32 // row-major
	cells  []parquet.Value
	err    error
}

// NewWindowsWriter starts a part on w with these feature columns. schemaHash
// identifies what the features mean; parts are read together only if it is the
// same in all. A mistake in the names is returned by the first call that follows.
func NewWindowsWriter(w io.Writer, features []string, schemaHash string) *WindowsWriter {
	ww := &WindowsWriter{features: len(features)}
	if ww.err = checkFeatures(features); ww.err != nil {
		return ww
	}
	defer recovered(&ww.err)
	ww.out = parquet.NewGenericWriter[any](w, writerOptions(
		windowsSchema(features), parquet.KeyValueMetadata(schemaKey, schemaHash))...)
	return ww
}

// checkFeatures refuses names that would not come back as they are.
func checkFeatures(features []string) error {
	if len(features) > maxFeatures {
		return fmt.Errorf("%d features are more than %d", len(features), maxFeatures)
	}
	sorted := slices.Sorted(slices.Values(features))
	for i, f := range sorted {
		if f == "" || f != text(f) || slices.Contains(idColumns[:], f) || i > 0 && f == sorted[i-1] {
			return fmt.Errorf("the feature name %q is empty, taken, there twice or not UTF-8", f)
		}
	}
	return nil
}

// Append adds the windows of one episode: their centres in seconds, their
// classes, and len(center) rows of features. Windows of an episode come in the
// order of time, episodes in key order, if the file is to be read fast.
func (w *WindowsWriter) Append(ep EpisodeRef, center []float64, phase []int32, x []float32) error {
	if w.err == nil {
		w.err = w.append(ep, center, phase, x)
	}
	return w.err
}

func (w *WindowsWriter) append(ep EpisodeRef, center []float64, phase []int32, x []float32) error {
	if err := checkKey(ep.Key); err != nil {
		return err
	}
	if len(phase) != len(center) || len(x) != len(center)*w.features {
		return fmt.Errorf("episode %s of host %s: %d centres, %d classes and %d values of %d features do not fit",
			ep.Episode, ep.Host, len(center), len(phase), len(x), w.features)
	}
	for i, t := range center {
		if math.IsNaN(t) || math.IsInf(t, 0) || phase[i] < 0 || int(phase[i]) >= NumPhases {
			return fmt.Errorf("episode %s of host %s: window %d at %v s has the class %d",
				ep.Episode, ep.Host, i, t, phase[i])
		}
		for c, s := range [...]string{ep.Host, ep.Episode, text(ep.Profile), text(ep.Sample), PhaseName(int(phase[i]))} {
			w.ids[c] = append(w.ids[c], s)
		}
		w.center = append(w.center, t)
		w.x = append(w.x, x[i*w.features:(i+1)*w.features]...)
		if w.n++; w.n == groupRows {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close writes what is waiting and the end of the file. It does not close the
// writer below. A part may have no rows.
func (w *WindowsWriter) Close() (err error) {
	defer recovered(&err)
	if w.err == nil {
		w.err = w.flush()
	}
	if w.err != nil {
		return w.err
	}
	w.err = errors.New("the windows file is closed")
	return w.out.Close()
}
