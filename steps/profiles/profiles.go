// Package profiles is the kind "profiles": it draws the signature of each attack profile,
// which is the median and the quartiles of one channel over many episodes that are aligned by
// phase. Call [Kind]; plan.go says which episodes are read, read.go reads them, tables.go
// is what it writes. Package kit/profile computes the numbers.
package profiles

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"assay/engine/step"
	"assay/steps/kit/files"
	"assay/steps/kit/profile"
	"assay/steps/kit/table"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("profiles", "1",
		"Align episodes by phase and show what one channel does in each attack profile: median and quartiles",
		Defaults(), run)
}

// In is what the kind reads.
type In struct {
	Episodes fs.FS `step:"match=*/*.tar.zst" doc:"the episode store: <host>/<episode>.tar.zst"`
	Index    fs.FS `doc:"the validation index of the same store"`
}

// Out is what the kind writes.
type Out struct {
	Profiles *os.Root `doc:"attack_profiles_v1.parquet, profiles.csv, and episodes.csv, which says of each episode whether it is used or why not"`
}

// The names of the tables for people.
const (
	pointsFile   = "profiles.csv"
	episodesFile = "episodes.csv"
)

// run makes the envelopes one after the other: it needs the memory of one episode and of
// the curves of one profile.
func run(ctx context.Context, p Params, in In, out Out) error {
	index, err := table.ReadIndex(in.Index)
	if err != nil {
		return err
	}
	plan := newPlan(&p, index)
	r, err := newReader(&p, in.Episodes, step.Report(ctx), plan.len())
	if err != nil {
		return err
	}
	defer r.close()
	var envelopes []*profile.Envelope
	for _, t := range plan.tasks {
		e, err := r.envelope(ctx, t, plan.reasons)
		if err != nil {
			return err
		}
		if e != nil {
			envelopes = append(envelopes, e)
		}
	}
	plan.warn(step.Report(ctx), envelopes)
	return errors.Join(
		files.Write(out.Profiles, profile.File, func(w io.Writer) error { return profile.Write(w, envelopes) }),
		files.WriteCSV(out.Profiles, pointsFile, pointRows(envelopes)),
		files.WriteCSV(out.Profiles, episodesFile, episodeRows(index, plan.reasons)),
	)
}
