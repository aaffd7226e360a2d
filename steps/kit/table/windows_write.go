package table

import (
	"fmt"
	"io"
	"math"

	"assay/steps/kit/channel"
	"assay/steps/kit/matrix"
)

// idColumns are the columns of a windows file before its features. Those of a
// vectors file are the first four.
var idColumns = [...]string{"host_id", "episode_id", "profile", "sample", "t_center_s", "phase"}

// The places of those that only a window has.
const (
	centerColumn = 4
	phaseID      = 5
)

// A featureWriter writes one part of a table of features. It holds one row group in
// memory.
type featureWriter struct {
	m        *matrix.Writer
	features int
}

// Close writes what is waiting and the end of the file. It does not close the
// writer below. A part may have no rows.
func (w *featureWriter) Close() error { return w.m.Close() }

// A WindowsWriter writes one part of a windows table. It holds one row group
// in memory.
type WindowsWriter struct{ featureWriter }

// NewWindowsWriter starts a part on w with these feature columns. schemaHash
// identifies what the features mean; parts are read together only if it is the
// same in all. A mistake in the names is returned by the first call that follows.
func NewWindowsWriter(w io.Writer, features []string, schemaHash string) *WindowsWriter {
	return &WindowsWriter{newWriter(w, "windows", idColumns[:], features, schemaHash)}
}

// newWriter starts a table of features whose first columns are ids.
func newWriter(w io.Writer, table string, ids, features []string, schemaHash string) featureWriter {
	l := matrix.Layout{Table: table, Reserved: idColumns[:], Features: features, Key: schemaKey, Value: schemaHash}
	for i, name := range ids {
		kind := matrix.Text
		if i == centerColumn {
			kind = matrix.Double
		}
		l.IDs = append(l.IDs, matrix.Column{Name: name, Kind: kind})
	}
	return featureWriter{matrix.New(w, l), len(features)}
}

// Append adds the windows of one episode: their centres in seconds, their
// classes, and len(center) rows of features. Windows of an episode come in the
// order of time, episodes in key order, if the file is to be read fast.
func (w *WindowsWriter) Append(ep EpisodeRef, center []float64, phase []int32, x []float32) error {
	return w.m.Do(func() error { return w.append(ep, center, phase, x) })
}

// append is Append for a writer that did not fail.
func (w *WindowsWriter) append(ep EpisodeRef, center []float64, phase []int32, x []float32) error {
	if err := checkKey(ep.Key); err != nil {
		return err
	}
	f := w.features
	if len(phase) != len(center) || len(x) != len(center)*f {
		return fmt.Errorf("episode %s of host %s: %d centres, %d classes and %d values of %d features do not fit",
			ep.Episode, ep.Host, len(center), len(phase), len(x), f)
	}
	for i, t := range center {
		if math.IsNaN(t) || math.IsInf(t, 0) || phase[i] < 0 || int(phase[i]) >= channel.NumPhases {
			return fmt.Errorf("episode %s of host %s: window %d at %v s has the class %d",
				ep.Episode, ep.Host, i, t, phase[i])
		}
		nameRow(w.m, ep)
		w.m.Double(centerColumn, t)
		w.m.Text(phaseID, channel.PhaseName(int(phase[i])))
		if err := w.m.Row(x[i*f : (i+1)*f]); err != nil {
			return err
		}
	}
	return nil
}

// nameRow adds the first four ids of a row, which are those of its episode.
func nameRow(m *matrix.Writer, ep EpisodeRef) {
	for c, s := range [...]string{ep.Host, ep.Episode, text(ep.Profile), text(ep.Sample)} {
		m.Text(c, s)
	}
}
