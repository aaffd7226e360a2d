package dataset

import (
	"fmt"
	"io"
	"io/fs"
)

// PredictionsFile is the table of a predictions artifact.
const PredictionsFile = "predictions.parquet"

// A Prediction is what a model says of one window.
type Prediction struct {
	Key
	Profile string
	Part    Part
	Center  float64            // seconds since the episode's first label
	Phase   int32              // the true class
	P       [NumPhases]float32 // probability of each class
}

// Predicted returns the class of the highest probability, the first of equals.
func (p *Prediction) Predicted() int32 {
	best := 0
	for k, v := range p.P {
		if v > p.P[best] {
			best = k
		}
	}
	return int32(best)
}

// check refuses rows that no model can have made.
func (p *Prediction) check() error {
	if p.Phase < 0 || int(p.Phase) >= NumPhases {
		return fmt.Errorf("its true class is %d, and there are %d", p.Phase, NumPhases)
	}
	for k, v := range p.P {
		if !(v >= 0 && v <= 1) {
			return fmt.Errorf("the probability of %s is %v", PhaseName(k), v)
		}
	}
	return checkKey(p.Key)
}

// predictionRow is a [Prediction] as the file has it. Phases are written by
// name, so that a reader needs no list of them.
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

// WritePredictions writes predictions.parquet, rows in the order given. A row
// that no model can have made is an error.
func WritePredictions(w io.Writer, rows []Prediction) error {
	out := make([]predictionRow, len(rows))
	for i := range rows {
		r := &rows[i]
		if err := r.check(); err != nil {
			return fmt.Errorf("predictions: episode %s of host %s: %w", r.Episode, r.Host, err)
		}
		out[i] = predictionRow{
			r.Host, r.Episode, text(r.Profile), string(r.Part), r.Center,
			PhaseName(int(r.Phase)), PhaseName(int(r.Predicted())),
			r.P[0], r.P[1], r.P[2], r.P[3], r.P[4], r.P[5],
		}
	}
	return writeTable(w, out)
}

// A readPrediction is a row on its way in, with the column that the others
// imply.
type readPrediction struct {
	Prediction
	predicted int32
}

// ReadPredictions reads predictions.parquet, rows in the order of the file. It
// fails on rows that do not add up, naming the first.
func ReadPredictions(fsys fs.FS) ([]Prediction, error) {
	p, err := openPart(fsys, PredictionsFile, &scratch{})
	if err != nil {
		return nil, fmt.Errorf("predictions: %s: %w", PredictionsFile, err)
	}
	defer p.src.Close()
	rows, err := readAll(nil, p, predictionColumns(newTexter()))
	if err != nil {
		return nil, fmt.Errorf("predictions: %w", err)
	}
	out := make([]Prediction, len(rows))
	for i := range rows {
		out[i] = rows[i].Prediction
		err := out[i].check()
		if got := rows[i].predicted; err == nil && got != out[i].Predicted() {
			err = fmt.Errorf("predicted is %s, which is not the most probable phase", PhaseName(int(got)))
		}
		if err != nil {
			return nil, fmt.Errorf("predictions: %s: row %d: %w", PredictionsFile, i, err)
		}
	}
	return out, nil
}

// predictionColumns says where the columns of [predictionRow] go.
func predictionColumns(t *texter) []column[readPrediction] {
	cols := []column[readPrediction]{
		textColumn("host_id", t, func(r *readPrediction) *string { return &r.Host }),
		textColumn("episode_id", t, func(r *readPrediction) *string { return &r.Episode }),
		textColumn("profile", t, func(r *readPrediction) *string { return &r.Profile }),
		textColumn("part", t, func(r *readPrediction) *string { return (*string)(&r.Part) }),
		numberColumn("t_center_s", func(r *readPrediction) *float64 { return &r.Center }),
		phaseColumn("phase", t, func(r *readPrediction) *int32 { return &r.Phase }),
		phaseColumn("predicted", t, func(r *readPrediction) *int32 { return &r.predicted }),
	}
	for k, name := range phases {
		cols = append(cols, column[readPrediction]{name: "p_" + name, set: func(r *readPrediction, c cell) error {
			v, err := c.number()
			r.P[k] = float32(v)
			return err
		}})
	}
	return cols
}

// phaseColumn fills a class from its name.
func phaseColumn[T any](name string, t *texter, field func(*T) *int32) column[T] {
	return column[T]{name: name, set: func(row *T, c cell) error {
		phase, err := c.text(t)
		if err != nil {
			return err
		}
		i := PhaseIndex(phase)
		if i < 0 {
			return fmt.Errorf("%.40q is no phase", phase)
		}
		*field(row) = int32(i)
		return nil
	}}
}
