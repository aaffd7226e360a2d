package dataset

import (
	"fmt"
	"io/fs"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go/format"
)

// ReadIndex reads a validation index: every *.parquet below fsys, in any
// sub-folder, merged into key order. An episode that is there twice is an error.
func ReadIndex(fsys fs.FS) ([]Episode, error) {
	rows, err := readIndex(fsys)
	if err != nil {
		return nil, fmt.Errorf("validation index: %w", err)
	}
	return rows, nil
}

func readIndex(fsys fs.FS) ([]Episode, error) {
	all, err := openParts(fsys)
	if err != nil {
		return nil, err
	}
	defer all.Close()
	texts := newTexter()
	var rows []Episode
	for _, p := range all {
		columns := indexColumns(texts)
		for _, c := range instantColumns() {
			tick, err := tickOf(p, c.name)
			if err != nil {
				return nil, p.wrap(err)
			}
			columns = append(columns, timeColumn(c.name, tick, c.field))
		}
		if rows, err = readAll(rows, p, columns); err != nil {
			return nil, err
		}
	}
	return rows, finishIndex(rows)
}

// indexColumns says where the columns of [indexRow] go, but for points of time.
func indexColumns(t *texter) []column[Episode] {
	return []column[Episode]{
		textColumn("host_id", t, func(e *Episode) *string { return &e.Host }),
		textColumn("episode_id", t, func(e *Episode) *string { return &e.Key.Episode }),
		textColumn("status", t, func(e *Episode) *string { return (*string)(&e.Status) }),
		listColumn("reasons", t, func(e *Episode) *[]string { return &e.Reasons }),
		textColumn("profile", t, func(e *Episode) *string { return &e.Profile }),
		textColumn("sample_name", t, func(e *Episode) *string { return &e.SampleName }),
		textColumn("sample_kind", t, func(e *Episode) *string { return &e.SampleKind }),
		textColumn("sample_sha256", t, func(e *Episode) *string { return &e.SampleSHA }),
		numberColumn("duration_s", func(e *Episode) *float64 { return &e.Duration }),
		numberColumn("vm_uptime_s", func(e *Episode) *float64 { return &e.Uptime }),
		countColumn("rows_proc", func(e *Episode) *int32 { return &e.Rows.Proc }),
		countColumn("rows_guest", func(e *Episode) *int32 { return &e.Rows.Guest }),
		countColumn("rows_qmp", func(e *Episode) *int32 { return &e.Rows.QMP }),
		countColumn("rows_netflow", func(e *Episode) *int32 { return &e.Rows.Netflow }),
		countColumn("bad_rows_proc", func(e *Episode) *int32 { return &e.BadRows.Proc }),
		countColumn("bad_rows_guest", func(e *Episode) *int32 { return &e.BadRows.Guest }),
		countColumn("bad_rows_qmp", func(e *Episode) *int32 { return &e.BadRows.QMP }),
		countColumn("bad_rows_netflow", func(e *Episode) *int32 { return &e.BadRows.Netflow }),
		countColumn("labels", func(e *Episode) *int32 { return &e.Labels }),
		listColumn("phases", t, func(e *Episode) *[]string { return &e.Phases }),
	}
}

// An instantColumn is a column of points of time.
type instantColumn struct {
	name  string
	field func(*Episode) *int64
}

func instantColumns() []instantColumn {
	return []instantColumn{
		{"started_at", func(e *Episode) *int64 { return &e.StartNs }},
		{"first_at_proc", func(e *Episode) *int64 { return &e.First.Proc }},
		{"first_at_guest", func(e *Episode) *int64 { return &e.First.Guest }},
		{"first_at_qmp", func(e *Episode) *int64 { return &e.First.QMP }},
		{"first_at_netflow", func(e *Episode) *int64 { return &e.First.Netflow }},
		{"last_at_proc", func(e *Episode) *int64 { return &e.Last.Proc }},
		{"last_at_guest", func(e *Episode) *int64 { return &e.Last.Guest }},
		{"last_at_qmp", func(e *Episode) *int64 { return &e.Last.QMP }},
		{"last_at_netflow", func(e *Episode) *int64 { return &e.Last.Netflow }},
	}
}

// timeColumn fills a point of time from a timestamp whose unit is tick
// nanoseconds.
func timeColumn(name string, tick int64, field func(*Episode) *int64) column[Episode] {
	return column[Episode]{name: name, set: func(e *Episode, c cell) error {
		n, err := c.integer()
		if err == nil && (n > math.MaxInt64/tick || n < math.MinInt64/tick) {
			err = fmt.Errorf("the time %d is out of range", n)
		}
		*field(e) = n * tick
		return err
	}}
}

// tickOf returns the unit of a column's timestamps in nanoseconds: pandas and
// DuckDB like to write microseconds.
func tickOf(p *part, column string) (int64, error) {
	i, err := p.leaf(column)
	if err != nil {
		return 0, err
	}
	if ts, ok := p.leaves[i].logical.(*format.TimestampType); ok {
		switch ts.Unit.Value.(type) {
		case *format.NanoSeconds:
			return 1, nil
		case *format.MicroSeconds:
			return 1_000, nil
		case *format.MilliSeconds:
			return 1_000_000, nil
		}
	}
	return 0, fmt.Errorf("column %s is not a timestamp", column)
}

// finishIndex sorts and checks what was read.
func finishIndex(rows []Episode) error {
	slices.SortFunc(rows, func(a, b Episode) int { return a.Compare(b.Key) })
	if err := checkKeys(rows, func(e *Episode) Key { return e.Key }); err != nil {
		return err
	}
	for i := range rows {
		e := &rows[i]
		if !slices.Contains([]Status{Accepted, Degraded, Rejected, Errored}, e.Status) {
			return fmt.Errorf("episode %s of host %s has the status %q; it is accepted, degraded, rejected or errored",
				e.Episode, e.Host, e.Status)
		}
	}
	return nil
}
