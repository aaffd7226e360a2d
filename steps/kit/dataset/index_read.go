package dataset

import (
	"fmt"
	"io/fs"
	"slices"

	"assay/steps/kit/channel"
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
	return append([]column[Episode]{
		instantColumn("started_at", func(e *Episode) *int64 { return &e.StartNs }),
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
		countColumn("labels", func(e *Episode) *int32 { return &e.Labels }),
		listColumn("phases", t, func(e *Episode) *[]string { return &e.Phases }),
	}, sourceColumns()...)
}

// sourceColumns are the columns that the file has for each source.
func sourceColumns() []column[Episode] {
	var list []column[Episode]
	for s := range channel.Source(channel.NumSources) {
		list = append(list,
			countColumn("rows_"+s.String(), func(e *Episode) *int32 { return &e.Rows[s] }),
			countColumn("bad_rows_"+s.String(), func(e *Episode) *int32 { return &e.BadRows[s] }),
			instantColumn("first_at_"+s.String(), func(e *Episode) *int64 { return &e.First[s] }),
			instantColumn("last_at_"+s.String(), func(e *Episode) *int64 { return &e.Last[s] }))
	}
	return list
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
