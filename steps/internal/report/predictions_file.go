package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"assay/steps/internal/dataset"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// The files of a predictions artifact.
const (
	PredictionsFile = "predictions.parquet"
	AboutFile       = "predictions.json"
)

// maxPredictions is the number of rows above which a table is not read.
const maxPredictions = 1 << 26

// predictionRow is a row of the Parquet file; columns are in this order. Phases
// are written by name, so that a reader needs no list of them.
type predictionRow struct {
	Host      string  `parquet:"host_id"`
	Episode   string  `parquet:"episode_id"`
	Profile   string  `parquet:"profile"`
	Part      string  `parquet:"part"`
	Center    float64 `parquet:"t_center_s"`
	Phase     string  `parquet:"phase"`
	Predicted string  `parquet:"predicted"`
	Clean     float32 `parquet:"p_clean"`
	Armed     float32 `parquet:"p_armed"`
	Infecting float32 `parquet:"p_infecting"`
	Running   float32 `parquet:"p_infected_running"`
	Dormant   float32 `parquet:"p_dormant"`
	Failed    float32 `parquet:"p_failed"`
}

// WritePredictions writes the two files of a predictions artifact into root.
// The same predictions are the same bytes.
func WritePredictions(root *os.Root, p *Predictions) error {
	if !slices.Equal(p.About.Classes, classes()) {
		return fmt.Errorf("predictions: the classes are %q, want %q", p.About.Classes, classes())
	}
	rows := make([]predictionRow, len(p.Rows))
	for i := range p.Rows {
		r := &p.Rows[i]
		if err := r.check(); err != nil {
			return fmt.Errorf("predictions: episode %s of host %s: %w", r.Episode, r.Host, err)
		}
		rows[i] = predictionRow{
			r.Host, r.Episode, r.Profile, string(r.Part), r.Center,
			dataset.PhaseName(int(r.Phase)), dataset.PhaseName(int(r.Predicted())),
			r.P[0], r.P[1], r.P[2], r.P[3], r.P[4], r.P[5],
		}
	}
	if err := WriteFile(root, PredictionsFile, func(w io.Writer) error { return writeRows(w, rows) }); err != nil {
		return err
	}
	return WriteJSON(root, AboutFile, p.About)
}

// writeRows fixes what the library would take from the build or the machine.
func writeRows(w io.Writer, rows []predictionRow) error {
	t := parquet.NewGenericWriter[predictionRow](w,
		parquet.CreatedBy("assay", "1", "0"),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault, Concurrency: 1}),
		parquet.MaxRowsPerRowGroup(1<<17))
	_, err := t.Write(rows)
	return errors.Join(err, t.Close())
}

// ReadPredictions reads what [WritePredictions] wrote. It fails on rows that do
// not add up, naming the first.
func ReadPredictions(fsys fs.FS) (*Predictions, error) {
	p := &Predictions{}
	if err := readJSON(fsys, AboutFile, &p.About); err != nil {
		return nil, err
	}
	if !slices.Equal(p.About.Classes, classes()) {
		return nil, fmt.Errorf("%s: the classes are %q, want %q", AboutFile, p.About.Classes, classes())
	}
	rows, err := readRows(fsys)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", PredictionsFile, err)
	}
	p.Rows = make([]Prediction, len(rows))
	for i, r := range rows {
		p.Rows[i] = Prediction{
			Key:     dataset.Key{Host: r.Host, Episode: r.Episode},
			Profile: r.Profile, Part: dataset.Part(r.Part), Center: r.Center,
			Phase: int32(dataset.PhaseIndex(r.Phase)),
			P:     [dataset.NumPhases]float32{r.Clean, r.Armed, r.Infecting, r.Running, r.Dormant, r.Failed},
		}
		err := p.Rows[i].check()
		if err == nil && dataset.PhaseName(int(p.Rows[i].Predicted())) != r.Predicted {
			err = fmt.Errorf("predicted is %.40q, which is not the most probable phase", r.Predicted)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: row %d: %w", PredictionsFile, i, err)
		}
	}
	return p, nil
}

func readRows(fsys fs.FS) (rows []predictionRow, err error) {
	b, err := fs.ReadFile(fsys, PredictionsFile)
	if err != nil {
		return nil, err
	}
	defer func() { // the library panics on some files that make no sense
		if p := recover(); p != nil {
			err = fmt.Errorf("the Parquet data make no sense: %v", p)
		}
	}()
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	want := parquet.SchemaOf(predictionRow{})
	if !parquet.EqualNodes(want, f.Schema()) {
		return nil, fmt.Errorf("the columns are\n%v\nwant\n%v", f.Schema(), want)
	}
	if n := f.NumRows(); n < 0 || n > maxPredictions {
		return nil, fmt.Errorf("%d rows, at most %d are read", n, maxPredictions)
	}
	t := parquet.NewGenericReader[predictionRow](f)
	defer t.Close()
	chunk := make([]predictionRow, 4096)
	for {
		n, err := t.Read(chunk)
		rows = append(rows, chunk[:n]...)
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, io.ErrUnexpectedEOF
		}
	}
}

func classes() []string {
	list := make([]string, dataset.NumPhases)
	for i := range list {
		list[i] = dataset.PhaseName(i)
	}
	return list
}
