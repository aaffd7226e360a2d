package profile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"

	"assay/steps/kit/parquet"
)

// File is the name of the table, which is the original's.
const File = "attack_profiles_v1.parquet"

// A row is an [Envelope] as the file has it.
type row struct {
	Profile   string     `parquet:"profile"`
	Channel   string     `parquet:"channel"`
	Used      int64      `parquet:"n_episodes_used"`
	Attempted int64      `parquet:"n_episodes_attempted"`
	Scaled    []*float64 `parquet:"median,list"`
	Median    []*float64 `parquet:"median_raw,list"`
	P25       []*float64 `parquet:"p25_raw,list"`
	P75       []*float64 `parquet:"p75_raw,list"`
	Low       float64    `parquet:"median_min_raw"`
	High      float64    `parquet:"median_max_raw"`
}

// Write writes envelopes as one Parquet file with the original's columns. As in the
// original, lists hold doubles of single precision; missing points are null.
func Write(w io.Writer, list []*Envelope) error {
	rows := make([]row, len(list))
	for i, e := range list {
		rows[i] = row{
			Profile: e.Profile, Channel: e.Channel, Used: int64(e.Used), Attempted: int64(e.Attempted),
			Scaled: singles(e.Scaled), Median: singles(e.Median), P25: singles(e.P25), P75: singles(e.P75),
			Low: e.Low, High: e.High,
		}
	}
	return parquet.Write(w, "profiles", rows)
}

// singles rounds to single precision; what that cannot hold becomes its greatest value.
func singles(list []float64) []*float64 {
	out := make([]*float64, len(list))
	for i, v := range list {
		if !math.IsNaN(v) {
			single := float64(float32(max(-math.MaxFloat32, min(v, math.MaxFloat32))))
			out[i] = &single
		}
	}
	return out
}

// Read reads the table that the kind "profiles" makes, or the original. The lists of an
// envelope are of one length, one that [NewLayout] takes.
func Read(fsys fs.FS) ([]*Envelope, error) {
	list, err := read(fsys)
	if err != nil {
		return nil, fmt.Errorf("profiles: %w", err)
	}
	return list, nil
}

func read(fsys fs.FS) ([]*Envelope, error) {
	f, err := parquet.Open(fsys, File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := parquet.ReadAll(nil, f, columns())
	if err != nil {
		return nil, err
	}
	list := make([]*Envelope, len(rows))
	seen := map[string]bool{}
	for i := range rows {
		e := &rows[i].Envelope
		e.Used, e.Attempted = int(rows[i].used), int(rows[i].attempted)
		if err := e.check(); err != nil {
			return nil, f.Wrap(fmt.Errorf("%s, profile %q: %w", parquet.RowName(i), e.Profile, err))
		}
		if seen[e.Profile] {
			return nil, f.Wrap(fmt.Errorf("the profile %q is there twice", e.Profile))
		}
		seen[e.Profile], list[i] = true, e
	}
	return list, nil
}

// A readRow is a row while it is read.
type readRow struct {
	Envelope
	used, attempted int32
}

func columns() []parquet.Column[readRow] {
	t := parquet.NewTexter()
	return []parquet.Column[readRow]{
		parquet.TextColumn("profile", t, func(r *readRow) *string { return &r.Profile }),
		parquet.TextColumn("channel", t, func(r *readRow) *string { return &r.Channel }),
		parquet.CountColumn("n_episodes_used", func(r *readRow) *int32 { return &r.used }),
		parquet.CountColumn("n_episodes_attempted", func(r *readRow) *int32 { return &r.attempted }),
		parquet.NumbersColumn("median", func(r *readRow) *[]float64 { return &r.Scaled }),
		parquet.NumbersColumn("median_raw", func(r *readRow) *[]float64 { return &r.Median }),
		parquet.NumbersColumn("p25_raw", func(r *readRow) *[]float64 { return &r.P25 }),
		parquet.NumbersColumn("p75_raw", func(r *readRow) *[]float64 { return &r.P75 }),
		parquet.NumberColumn("median_min_raw", func(r *readRow) *float64 { return &r.Low }),
		parquet.NumberColumn("median_max_raw", func(r *readRow) *float64 { return &r.High }),
	}
}

// check refuses what no layout could describe.
func (e *Envelope) check() error {
	if _, err := NewLayout(len(e.Median)); err != nil {
		return err
	}
	if n := len(e.Median); len(e.Scaled) != n || len(e.P25) != n || len(e.P75) != n {
		return fmt.Errorf("median, median_raw, p25_raw and p75_raw have %d, %d, %d and %d points",
			len(e.Scaled), n, len(e.P25), len(e.P75))
	}
	if e.Used > e.Attempted {
		return fmt.Errorf("n_episodes_used is %d of %d attempted", e.Used, e.Attempted)
	}
	if _, err := ChannelIndex(e.Channel); err != nil {
		return err
	}
	if e.Profile == "" {
		return errors.New("the profile has no name")
	}
	return nil
}

// Layout returns how the points of the envelope are laid out.
func (e *Envelope) Layout() (Layout, error) { return NewLayout(len(e.Median)) }
