package table

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/channel"
	"assay/steps/kit/parquet"
)

func predictionsBytes(t testing.TB, rows []Prediction) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WritePredictions(&b, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func samplePredictions(n int) []Prediction {
	rows := make([]Prediction, n)
	for i := range rows {
		rows[i] = Prediction{Key: Key{"h", fmt.Sprint("e", i/3)}, Profile: "p", Part: Test, Center: 5 * float64(i%3), Phase: int32(i % channel.NumPhases)}
		rows[i].Predicted = int32(i/2) % int32(channel.NumPhases)
		rows[i].P[rows[i].Predicted] = 1
	}
	return rows
}

func TestPredictionsRoundTrip(t *testing.T) {
	rows := samplePredictions(3 * parquet.GroupRows)
	got, err := ReadPredictions(fstest.MapFS{PredictionsFile: file(predictionsBytes(t, rows))})
	if err != nil || !reflect.DeepEqual(got, rows) {
		t.Errorf("%d rows come back as %d, %v", len(rows), len(got), err)
	}
}

func TestPredictionsThatNoModelMakes(t *testing.T) {
	for want, spoil := range map[string]func(*Prediction){
		"a class is 6":                    func(p *Prediction) { p.Phase = 6 },
		"the probability of armed is NaN": func(p *Prediction) { p.P[1] = float32(math.NaN()) },
		"a name is empty":                 func(p *Prediction) { p.Host = "" },
		"add up to 0.9":                   func(p *Prediction) { p.P[p.Predicted] = 0.9 },
		"add up to 6":                     func(p *Prediction) { p.P = [channel.NumPhases]float32{1, 1, 1, 1, 1, 1} },
		"predicted is failed, but clean":  func(p *Prediction) { p.Predicted = 5 },
		"the probability of clean is -1":  func(p *Prediction) { p.P[0] = -1 },
	} {
		rows := samplePredictions(3)
		spoil(&rows[1])
		if err := WritePredictions(new(bytes.Buffer), rows); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	for want, row := range map[string]predictionRow{
		"row 0 (the first is 0), episode e of host h: predicted is armed, but clean is more probable": {Host: "h", Episode: "e", Phase: "clean", Predicted: "armed", Clean: 1},
		`predictions.parquet: row 0 (the first is 0), column phase: "x" is no phase`:                  {Host: "h", Episode: "e", Phase: "x", Predicted: "clean"},
		"the probability of clean is 2": {Host: "h", Episode: "e", Phase: "clean", Predicted: "clean", Clean: 2},
	} {
		var b bytes.Buffer
		if err := parquet.Write(&b, "row", []predictionRow{row}); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadPredictions(fstest.MapFS{PredictionsFile: file(b.Bytes())}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func FuzzReadPredictions(f *testing.F) {
	fuzz(f, func(t *testing.T, b []byte) error {
		rows, err := ReadPredictions(fstest.MapFS{PredictionsFile: file(b)})
		if err != nil {
			return nil
		}
		_, err = ReadPredictions(fstest.MapFS{PredictionsFile: file(predictionsBytes(t, rows))})
		return err
	})
}

// TestPredictionColumns: the file has a column of probabilities for each phase, in
// the order of the classes.
func TestPredictionColumns(t *testing.T) {
	var got []string
	row := reflect.TypeFor[predictionRow]()
	for i := range row.NumField() {
		if name, is := strings.CutPrefix(row.Field(i).Tag.Get("parquet"), "p_"); is {
			got = append(got, name)
		}
	}
	if !slices.Equal(got, channel.Phases()) {
		t.Errorf("probabilities of %v, the phases are %v", got, channel.Phases())
	}
}
