package dataset

import (
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go/format"

	"assay/steps/kit/channel"
)

// idColumns are the columns of a windows file before its features. Those of a
// vectors file are the first four.
var idColumns = [...]string{"host_id", "episode_id", "profile", "sample", "t_center_s", "phase"}

// A WindowsWriter writes one part of a windows table. It holds one row group
// in memory.
type WindowsWriter struct{ m *matrixWriter }

// NewWindowsWriter starts a part on w with these feature columns. schemaHash
// identifies what the features mean; parts are read together only if it is the
// same in all. A mistake in the names is returned by the first call that follows.
func NewWindowsWriter(w io.Writer, features []string, schemaHash string) *WindowsWriter {
	ids := make([]idColumn, len(idColumns))
	for i, name := range idColumns {
		ids[i] = idColumn{name: name, kind: format.ByteArray}
	}
	ids[4].kind = format.Double
	return &WindowsWriter{newMatrixWriter(w, "windows", ids, features, schemaHash)}
}

// Append adds the windows of one episode: their centres in seconds, their
// classes, and len(center) rows of features. Windows of an episode come in the
// order of time, episodes in key order, if the file is to be read fast.
func (w *WindowsWriter) Append(ep EpisodeRef, center []float64, phase []int32, x []float32) error {
	if w.m.err == nil {
		w.m.err = w.append(ep, center, phase, x)
	}
	return w.m.err
}

func (w *WindowsWriter) append(ep EpisodeRef, center []float64, phase []int32, x []float32) error {
	if err := checkKey(ep.Key); err != nil {
		return err
	}
	f := w.m.features
	if len(phase) != len(center) || len(x) != len(center)*f {
		return fmt.Errorf("episode %s of host %s: %d centres, %d classes and %d values of %d features do not fit",
			ep.Episode, ep.Host, len(center), len(phase), len(x), f)
	}
	for i, t := range center {
		if math.IsNaN(t) || math.IsInf(t, 0) || phase[i] < 0 || int(phase[i]) >= channel.NumPhases {
			return fmt.Errorf("episode %s of host %s: window %d at %v s has the class %d",
				ep.Episode, ep.Host, i, t, phase[i])
		}
		w.m.name(ep)
		w.m.ids[4].double(t)
		w.m.ids[5].text(channel.PhaseName(int(phase[i])))
		if err := w.m.row(x[i*f : (i+1)*f]); err != nil {
			return err
		}
	}
	return nil
}

// name adds the first four ids of a row, which are those of its episode.
func (m *matrixWriter) name(ep EpisodeRef) {
	for c, s := range [...]string{ep.Host, ep.Episode, text(ep.Profile), text(ep.Sample)} {
		m.ids[c].text(s)
	}
}

// Close writes what is waiting and the end of the file. It does not close the
// writer below. A part may have no rows.
func (w *WindowsWriter) Close() error { return w.m.close() }
