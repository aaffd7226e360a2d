package table

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"assay/steps/kit/files"
	"assay/steps/kit/parquet"
)

// The files of an assignment artifact.
const (
	AssignmentFile = "assignment.parquet"
	SplitInfoFile  = "split.json"
)

// WriteAssignment writes assignment.parquet, rows in key order whatever the
// order given. Two rows with one key are an error.
func WriteAssignment(w io.Writer, rows []AssignmentRow) error {
	sorted := slices.Clone(rows)
	if err := finishAssignment(sorted); err != nil {
		return err
	}
	for i := range sorted {
		r := &sorted[i]
		r.Why, r.Boot, r.Profile, r.Sample = text(r.Why), text(r.Boot), text(r.Profile), text(r.Sample)
	}
	return parquet.Write(w, "assignmentRow", sorted)
}

// ReadAssignment reads the two files of a split's artifact, which must say the
// same.
func ReadAssignment(fsys fs.FS) (*Assignment, error) {
	a := &Assignment{}
	var err error
	if a.Info, err = readSplitInfo(fsys); err != nil {
		return nil, fmt.Errorf("assignment: %w", err)
	}
	p, err := parquet.Open(fsys, AssignmentFile)
	if err != nil {
		return nil, fmt.Errorf("assignment: %s: %w", AssignmentFile, err)
	}
	defer p.Close()
	t := parquet.NewTexter()
	a.Rows, err = parquet.ReadAll(nil, p, []parquet.Column[AssignmentRow]{
		parquet.TextColumn("host_id", t, func(r *AssignmentRow) *string { return &r.Host }),
		parquet.TextColumn("episode_id", t, func(r *AssignmentRow) *string { return &r.Episode }),
		parquet.TextColumn("part", t, func(r *AssignmentRow) *string { return (*string)(&r.Part) }),
		parquet.OptionalText("why", t, func(r *AssignmentRow) *string { return &r.Why }),
		parquet.TextColumn("boot", t, func(r *AssignmentRow) *string { return &r.Boot }),
		parquet.OptionalText("profile", t, func(r *AssignmentRow) *string { return &r.Profile }),
		parquet.OptionalText("sample", t, func(r *AssignmentRow) *string { return &r.Sample }),
	})
	if err == nil {
		err = finishAssignment(a.Rows)
	}
	if err == nil {
		err = a.Info.agree(a.Rows)
	}
	if err != nil {
		return nil, fmt.Errorf("assignment: %w", err)
	}
	return a, nil
}

// finishAssignment sorts rows and checks them.
func finishAssignment(rows []AssignmentRow) error {
	for _, r := range rows {
		switch r.Part {
		case Train, Validation, Test, Excluded:
		default:
			return fmt.Errorf("episode %s of host %s is in the part %q; it is train, validation, test or excluded",
				r.Episode, r.Host, r.Part)
		}
	}
	return sortByKey(rows)
}

// readSplitInfo reads split.json.
func readSplitInfo(fsys fs.FS) (SplitInfo, error) {
	var info SplitInfo
	err := files.ReadJSON(fsys, SplitInfoFile, &info)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf(`%s: there is none; write one that says at least {"by": "host"}, or what the split is by: %w`,
			SplitInfoFile, fs.ErrNotExist)
	case err == nil && info.By == "":
		err = fmt.Errorf(`%s does not say what the split is by; want "by": host, sample, time, boot or several joined by +`,
			SplitInfoFile)
	}
	return info, err
}
