package table

import (
	"io"
	"math"
	"slices"
	"strings"

	"assay/steps/kit/parquet"
)

// indexRow is an [Episode] as the file has it. Its four columns by source are in the
// order of [channel.Source].
type indexRow struct {
	Host    string   `parquet:"host_id"`
	Episode string   `parquet:"episode_id"`
	Status  string   `parquet:"status"`
	Reasons []string `parquet:"reasons,list"`

	Profile    string  `parquet:"profile"`
	SampleName string  `parquet:"sample_name"`
	SampleKind string  `parquet:"sample_kind"`
	SampleSHA  *string `parquet:"sample_sha256,optional"`

	StartNs  *int64   `parquet:"started_at,optional,timestamp(nanosecond:utc)"`
	Duration float64  `parquet:"duration_s"`
	Uptime   *float64 `parquet:"vm_uptime_s,optional"`

	RowsProc    int32 `parquet:"rows_proc"`
	RowsGuest   int32 `parquet:"rows_guest"`
	RowsQMP     int32 `parquet:"rows_qmp"`
	RowsNetflow int32 `parquet:"rows_netflow"`
	BadProc     int32 `parquet:"bad_rows_proc"`
	BadGuest    int32 `parquet:"bad_rows_guest"`
	BadQMP      int32 `parquet:"bad_rows_qmp"`
	BadNetflow  int32 `parquet:"bad_rows_netflow"`

	FirstProc    *int64 `parquet:"first_at_proc,optional,timestamp(nanosecond:utc)"`
	FirstGuest   *int64 `parquet:"first_at_guest,optional,timestamp(nanosecond:utc)"`
	FirstQMP     *int64 `parquet:"first_at_qmp,optional,timestamp(nanosecond:utc)"`
	FirstNetflow *int64 `parquet:"first_at_netflow,optional,timestamp(nanosecond:utc)"`
	LastProc     *int64 `parquet:"last_at_proc,optional,timestamp(nanosecond:utc)"`
	LastGuest    *int64 `parquet:"last_at_guest,optional,timestamp(nanosecond:utc)"`
	LastQMP      *int64 `parquet:"last_at_qmp,optional,timestamp(nanosecond:utc)"`
	LastNetflow  *int64 `parquet:"last_at_netflow,optional,timestamp(nanosecond:utc)"`

	Labels int32    `parquet:"labels"`
	Phases []string `parquet:"phases,list"`
}

// WriteIndex writes a validation index: one Parquet file, rows in key order
// whatever the order given. Two rows with one key are an error.
func WriteIndex(w io.Writer, rows []Episode) error {
	sorted := slices.Clone(rows)
	if err := sortByKey(sorted); err != nil {
		return err
	}
	out := make([]indexRow, len(sorted))
	for i := range sorted {
		out[i] = rowOf(&sorted[i])
	}
	return parquet.Write(w, "indexRow", out)
}

// rowOf is an episode as the file has it: what is not known is null, and texts are UTF-8.
func rowOf(e *Episode) indexRow {
	return indexRow{
		Host: e.Host, Episode: e.Episode, Status: string(e.Status), Reasons: texts(e.Reasons),
		Profile: text(e.Profile), SampleName: text(e.SampleName), SampleKind: text(e.SampleKind),
		SampleSHA: unless(e.SampleSHA == "", text(e.SampleSHA)),
		StartNs:   instant(e.StartNs),
		Duration:  e.Duration,
		Uptime:    unless(math.IsNaN(e.Uptime), e.Uptime),
		RowsProc:  e.Rows[0], RowsGuest: e.Rows[1], RowsQMP: e.Rows[2], RowsNetflow: e.Rows[3],
		BadProc: e.BadRows[0], BadGuest: e.BadRows[1], BadQMP: e.BadRows[2], BadNetflow: e.BadRows[3],
		FirstProc: instant(e.First[0]), FirstGuest: instant(e.First[1]),
		FirstQMP: instant(e.First[2]), FirstNetflow: instant(e.First[3]),
		LastProc: instant(e.Last[0]), LastGuest: instant(e.Last[1]),
		LastQMP: instant(e.Last[2]), LastNetflow: instant(e.Last[3]),
		Labels: e.Labels, Phases: texts(e.Phases),
	}
}

// instant is a point of time, a null if it is not known.
func instant(ns int64) *int64 { return unless(ns == 0, ns) }

// unless returns a pointer to v, or nil (a null) if it is not known.
func unless[T any](unknown bool, v T) *T {
	if unknown {
		return nil
	}
	return &v
}

// text makes s fit for a string column: a recording may hold any bytes.
func text(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func texts(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = text(s)
	}
	return out
}
