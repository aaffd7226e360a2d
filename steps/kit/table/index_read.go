package table

import (
	"fmt"
	"io/fs"
	"slices"

	"assay/steps/kit/channel"
	"assay/steps/kit/parquet"
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
	all, err := parquet.OpenAll(fsys)
	if err != nil {
		return nil, err
	}
	defer all.Close()
	texts := parquet.NewTexter()
	var rows []Episode
	for _, p := range all {
		if rows, err = parquet.ReadAll(rows, p, indexColumns(texts)); err != nil {
			return nil, err
		}
	}
	return rows, finishIndex(rows)
}

// indexColumns says where the columns of [indexRow] go. An episode that cannot be
// read has neither a profile nor a sample.
func indexColumns(t *parquet.Texter) []parquet.Column[Episode] {
	return append([]parquet.Column[Episode]{
		parquet.InstantColumn("started_at", func(e *Episode) *int64 { return &e.StartNs }),
		parquet.TextColumn("host_id", t, func(e *Episode) *string { return &e.Host }),
		parquet.TextColumn("episode_id", t, func(e *Episode) *string { return &e.Key.Episode }),
		parquet.TextColumn("status", t, func(e *Episode) *string { return (*string)(&e.Status) }),
		parquet.ListColumn("reasons", t, func(e *Episode) *[]string { return &e.Reasons }),
		parquet.OptionalText("profile", t, func(e *Episode) *string { return &e.Profile }),
		parquet.OptionalText("sample_name", t, func(e *Episode) *string { return &e.SampleName }),
		parquet.OptionalText("sample_kind", t, func(e *Episode) *string { return &e.SampleKind }),
		parquet.OptionalText("sample_sha256", t, func(e *Episode) *string { return &e.SampleSHA }),
		parquet.NumberColumn("duration_s", func(e *Episode) *float64 { return &e.Duration }),
		parquet.OptionalNumber("vm_uptime_s", func(e *Episode) *float64 { return &e.Uptime }),
		parquet.CountColumn("labels", func(e *Episode) *int32 { return &e.Labels }),
		parquet.ListColumn("phases", t, func(e *Episode) *[]string { return &e.Phases }),
	}, sourceColumns()...)
}

// sourceColumns are the columns that the file has for each source.
func sourceColumns() []parquet.Column[Episode] {
	var list []parquet.Column[Episode]
	for s := range channel.Source(channel.NumSources) {
		list = append(list,
			parquet.CountColumn("rows_"+s.String(), func(e *Episode) *int32 { return &e.Rows[s] }),
			parquet.CountColumn("bad_rows_"+s.String(), func(e *Episode) *int32 { return &e.BadRows[s] }),
			parquet.InstantColumn("first_at_"+s.String(), func(e *Episode) *int64 { return &e.First[s] }),
			parquet.InstantColumn("last_at_"+s.String(), func(e *Episode) *int64 { return &e.Last[s] }))
	}
	return list
}

// finishIndex sorts and checks what was read.
func finishIndex(rows []Episode) error {
	if err := sortByKey(rows); err != nil {
		return err
	}
	for i := range rows {
		e := &rows[i]
		if e.Duration < 0 {
			return fmt.Errorf("episode %s of host %s has a duration of %v s", e.Episode, e.Host, e.Duration)
		}
		if !slices.Contains(Statuses(), e.Status) {
			return fmt.Errorf("episode %s of host %s has the status %q; it is accepted, degraded, rejected or errored",
				e.Episode, e.Host, e.Status)
		}
	}
	return nil
}
