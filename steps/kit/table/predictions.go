package table

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/parquet"
)

// PredictionsFile is the table of a predictions artifact.
const PredictionsFile = "predictions.parquet"

// A Prediction is what a model says of one window.
type Prediction struct {
	Key
	Profile   string
	Part      Part
	Center    float64                    // seconds since the episode's first label
	Phase     int32                      // the true class
	Predicted int32                      // the class of the highest probability, any of equals
	P         [channel.NumPhases]float32 // probability of each class; they add up to 1
}

// Best returns the class of the highest probability, the first of equals.
func (p *Prediction) Best() int32 {
	best := 0
	for k, v := range p.P {
		if v > p.P[best] {
			best = k
		}
	}
	return int32(best)
}

// maxOff is how far the probabilities of a window may be from adding up to 1.
const maxOff = 1e-3

// check refuses rows that no model can have made.
func (p *Prediction) check() error {
	for _, k := range [...]int32{p.Phase, p.Predicted} {
		if k < 0 || int(k) >= channel.NumPhases {
			return fmt.Errorf("a class is %d, and there are %d", k, channel.NumPhases)
		}
	}
	sum := 0.0
	for k, v := range p.P {
		if !(v >= 0 && v <= 1) {
			return fmt.Errorf("the probability of %s is %v, want 0 to 1", channel.PhaseName(k), v)
		}
		sum += float64(v)
	}
	if math.Abs(sum-1) > maxOff {
		return fmt.Errorf("the probabilities add up to %.6g, want 1", sum)
	}
	if best := p.Best(); p.P[p.Predicted] != p.P[best] {
		return fmt.Errorf("predicted is %s, but %s is more probable", channel.PhaseName(int(p.Predicted)), channel.PhaseName(int(best)))
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
			channel.PhaseName(int(r.Phase)), channel.PhaseName(int(r.Predicted)),
			r.P[0], r.P[1], r.P[2], r.P[3], r.P[4], r.P[5],
		}
	}
	return parquet.Write(w, "predictionRow", out)
}

// ReadPredictions reads predictions.parquet, rows in the order of the file. It
// fails on rows that do not add up and on two rows of one window, naming the first.
func ReadPredictions(fsys fs.FS) ([]Prediction, error) {
	p, err := parquet.Open(fsys, PredictionsFile)
	if err != nil {
		return nil, fmt.Errorf("predictions: %s: %w", PredictionsFile, err)
	}
	defer p.Close()
	rows, err := parquet.ReadAll(nil, p, predictionColumns(parquet.NewTexter()))
	if err != nil {
		return nil, fmt.Errorf("predictions: %w", err)
	}
	for i := range rows {
		if err := rows[i].check(); err != nil {
			return nil, fmt.Errorf("predictions: %s: %s, episode %s of host %s: %w", PredictionsFile, parquet.RowName(i),
				rows[i].Episode, rows[i].Host, err)
		}
	}
	return rows, twice(rows)
}

// twice returns an error if two rows are of one window.
func twice(rows []Prediction) error {
	order := make([]int32, len(rows))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(rows[a].Compare(rows[b].Key), cmp.Compare(rows[a].Center, rows[b].Center), cmp.Compare(a, b))
	})
	first, second := int32(0), int32(math.MaxInt32)
	for i := 1; i < len(order); i++ {
		a, b := order[i-1], order[i]
		if rows[a].Key == rows[b].Key && rows[a].Center == rows[b].Center && b < second {
			first, second = a, b
		}
	}
	if second == math.MaxInt32 {
		return nil
	}
	r := &rows[second]
	return fmt.Errorf("predictions: %s: rows %d and %d (the first is 0) are both of the window at %v s of episode %s "+
		"of host %s; "+
		"a window has one row", PredictionsFile, first, second, r.Center, r.Episode, r.Host)
}

// predictionColumns says where the columns of [predictionRow] go.
func predictionColumns(t *parquet.Texter) []parquet.Column[Prediction] {
	cols := []parquet.Column[Prediction]{
		parquet.TextColumn("host_id", t, func(r *Prediction) *string { return &r.Host }),
		parquet.TextColumn("episode_id", t, func(r *Prediction) *string { return &r.Episode }),
		parquet.OptionalText("profile", t, func(r *Prediction) *string { return &r.Profile }),
		parquet.TextColumn("part", t, func(r *Prediction) *string { return (*string)(&r.Part) }),
		parquet.NumberColumn("t_center_s", func(r *Prediction) *float64 { return &r.Center }),
		phaseColumn("phase", t, func(r *Prediction) *int32 { return &r.Phase }),
		phaseColumn("predicted", t, func(r *Prediction) *int32 { return &r.Predicted }),
	}
	for k, name := range channel.Phases() {
		cols = append(cols, parquet.FloatColumn("p_"+name, func(r *Prediction) *float32 { return &r.P[k] }))
	}
	return cols
}
