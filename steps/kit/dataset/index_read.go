package dataset

import (
	"fmt"
	"io/fs"
	"slices"
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
		if rows, err = readAll(rows, p, indexColumns(texts)); err != nil {
			return nil, err
		}
	}
	return rows, finishIndex(rows)
}

// indexColumns says where the columns of [indexRow] go. An episode that cannot be
// read has neither a profile nor a sample.
func indexColumns(t *texter) []column[Episode] {
	return append(instantColumns(), []column[Episode]{
		textColumn("host_id", t, func(e *Episode) *string { return &e.Host }),
		textColumn("episode_id", t, func(e *Episode) *string { return &e.Key.Episode }),
		textColumn("status", t, func(e *Episode) *string { return (*string)(&e.Status) }),
		listColumn("reasons", t, func(e *Episode) *[]string { return &e.Reasons }),
		optionalText("profile", t, func(e *Episode) *string { return &e.Profile }),
		optionalText("sample_name", t, func(e *Episode) *string { return &e.SampleName }),
		optionalText("sample_kind", t, func(e *Episode) *string { return &e.SampleKind }),
		optionalText("sample_sha256", t, func(e *Episode) *string { return &e.SampleSHA }),
		numberColumn("duration_s", func(e *Episode) *float64 { return &e.Duration }),
		optionalNumber("vm_uptime_s", func(e *Episode) *float64 { return &e.Uptime }),
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
	}...)
}

func instantColumns() []column[Episode] {
	return []column[Episode]{
		instantColumn("started_at", func(e *Episode) *int64 { return &e.StartNs }),
		instantColumn("first_at_proc", func(e *Episode) *int64 { return &e.First.Proc }),
		instantColumn("first_at_guest", func(e *Episode) *int64 { return &e.First.Guest }),
		instantColumn("first_at_qmp", func(e *Episode) *int64 { return &e.First.QMP }),
		instantColumn("first_at_netflow", func(e *Episode) *int64 { return &e.First.Netflow }),
		instantColumn("last_at_proc", func(e *Episode) *int64 { return &e.Last.Proc }),
		instantColumn("last_at_guest", func(e *Episode) *int64 { return &e.Last.Guest }),
		instantColumn("last_at_qmp", func(e *Episode) *int64 { return &e.Last.QMP }),
		instantColumn("last_at_netflow", func(e *Episode) *int64 { return &e.Last.Netflow }),
	}
}

// finishIndex sorts and checks what was read.
func finishIndex(rows []Episode) error {
	slices.SortFunc(rows, func(a, b Episode) int { return a.Compare(b.Key) })
	if err := checkKeys(rows, func(e *Episode) Key { return e.Key }); err != nil {
		return err
	}
	for i := range rows {
		e := &rows[i]
		if e.Duration < 0 {
			return fmt.Errorf("episode %s of host %s has a duration of %v s", e.Episode, e.Host, e.Duration)
		}
		if !slices.Contains([]Status{Accepted, Degraded, Rejected, Errored}, e.Status) {
			return fmt.Errorf("episode %s of host %s has the status %q; it is accepted, degraded, rejected or errored",
				e.Episode, e.Host, e.Status)
		}
	}
	return nil
}
