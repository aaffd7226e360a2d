package table

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/parquet"
)

// nullRow has every kind of column that the tables have, all of which may be null.
type nullRow struct {
	Host      *string   `parquet:"host_id,optional"`
	Episode   *string   `parquet:"episode_id,optional"`
	Profile   *string   `parquet:"profile,optional"`
	Sample    *string   `parquet:"sample,optional"`
	Center    *float64  `parquet:"t_center_s,optional"`
	Phase     *string   `parquet:"phase,optional"`
	Load      *float32  `parquet:"guest.load_1m.mean,optional"`
	Part      *string   `parquet:"part,optional"`
	Why       *string   `parquet:"why,optional"`
	Boot      *string   `parquet:"boot,optional"`
	Predicted *string   `parquet:"predicted,optional"`
	Clean     *float64  `parquet:"p_clean,optional"`
	Armed     *float64  `parquet:"p_armed,optional"`
	Infecting *float64  `parquet:"p_infecting,optional"`
	Running   *float64  `parquet:"p_infected_running,optional"`
	Dormant   *float64  `parquet:"p_dormant,optional"`
	Failed    *float64  `parquet:"p_failed,optional"`
	Lists     []*string `parquet:"lists,list,optional"`
}

// goodRow is a row that every reader takes.
func goodRow(episode string) nullRow {
	s := func(s string) *string { return &s }
	f := func(v float64) *float64 { return &v }
	load := float32(1)
	return nullRow{
		Host: s("h"), Episode: &episode, Profile: s("p"), Sample: s("s"), Center: f(5), Phase: s("armed"), Load: &load,
		Part: s("test"), Why: s("w"), Boot: s("b"), Predicted: s("clean"), Clean: f(1), Armed: f(0),
		Infecting: f(0), Running: f(0), Dormant: f(0), Failed: f(0), Lists: []*string{s("x")},
	}
}

// TestNulls: a null is never the zero value of what is needed.
func TestNulls(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	needed := map[string]string{
		"host_id": "windows vectors assignment predictions", "episode_id": "windows vectors assignment predictions",
		"t_center_s": "windows predictions", "phase": "windows predictions", "part": "assignment predictions", "boot": "assignment",
		"predicted": "predictions", "p_clean": "predictions", "p_failed": "predictions",
	}
	for _, c := range []struct {
		column string
		spoil  func(*nullRow)
		what   string
	}{
		{"host_id", func(r *nullRow) { r.Host = nil }, "null where"},
		{"episode_id", func(r *nullRow) { r.Episode = nil }, "null where"},
		{"t_center_s", func(r *nullRow) { r.Center = nil }, "null where"},
		{"t_center_s", func(r *nullRow) { r.Center = &nan }, "NaN where"},
		{"t_center_s", func(r *nullRow) { r.Center = &inf }, "+Inf where"},
		{"phase", func(r *nullRow) { r.Phase = nil }, "null where"},
		{"part", func(r *nullRow) { r.Part = nil }, "null where"},
		{"boot", func(r *nullRow) { r.Boot = nil }, "null where"},
		{"predicted", func(r *nullRow) { r.Predicted = nil }, "null where"},
		{"p_clean", func(r *nullRow) { r.Clean = nil }, "null where"},
		{"p_failed", func(r *nullRow) { r.Failed = nil }, "null where"},
		{"profile", func(r *nullRow) { r.Profile = nil }, ""},
		{"sample", func(r *nullRow) { r.Sample = nil }, ""},
		{"why", func(r *nullRow) { r.Why = nil }, ""},
		{"guest.load_1m.mean", func(r *nullRow) { r.Load = nil }, ""},
	} {
		rows := []nullRow{goodRow("a"), goodRow("b"), goodRow("c")}
		c.spoil(&rows[1])
		for table, err := range readNulls(t, rows) {
			switch must := strings.Contains(needed[c.column], table); {
			case !must && err != nil:
				t.Errorf("%s without %s: %v", table, c.column, err)
			case must && err == nil:
				t.Errorf("%s without %s is read", table, c.column)
			case must && (!strings.Contains(err.Error(), ".parquet: row 1 (the first is 0), column "+c.column+": "+c.what)):
				t.Errorf("%s: %v, want row 1, column %s and %q", table, err, c.column, c.what)
			}
		}
	}
}

// vectorsNullRow drops what makes a windows table.
type vectorsNullRow struct {
	Host    *string  `parquet:"host_id,optional"`
	Episode *string  `parquet:"episode_id,optional"`
	Profile *string  `parquet:"profile,optional"`
	Sample  *string  `parquet:"sample,optional"`
	Load    *float32 `parquet:"guest.load_1m.mean,optional"`
}

// readNulls reads rows as each table.
func readNulls(t *testing.T, rows []nullRow) map[string]error {
	t.Helper()
	var b, v bytes.Buffer
	if err := parquet.Write(&b, "row", rows); err != nil {
		t.Fatal(err)
	}
	short := make([]vectorsNullRow, len(rows))
	for i, r := range rows {
		short[i] = vectorsNullRow{r.Host, r.Episode, r.Profile, r.Sample, r.Load}
	}
	if err := parquet.Write(&v, "row", short); err != nil {
		t.Fatal(err)
	}
	all := readers(b.Bytes())
	_, err := ReadVectors(fstest.MapFS{VectorsFile: file(v.Bytes())})
	return map[string]error{
		"windows": all["windows"](), "assignment": all["assignment"](), "predictions": all["predictions"](), "vectors": err,
	}
}
