package score

import (
	"fmt"
	"io"
	"io/fs"

	"assay/steps/kit/channel"
	"assay/steps/kit/measure"
	"assay/steps/kit/parquet"
	"assay/steps/kit/table"
)

// EpisodesFile is the file of an evaluation's artifact that says what each episode of the
// test part contributes.
const EpisodesFile = "episodes.parquet"

// An EpisodeCount is the windows of an episode that have one class and were predicted as
// one: a cell of the episode's confusion.
type EpisodeCount struct {
	table.Key
	Profile   string  `parquet:"profile"`
	Sample    string  `parquet:"sample"`
	Phase     string  `parquet:"phase"`     // the true class
	Predicted string  `parquet:"predicted"` // the class of the highest probability
	Windows   int32   `parquet:"windows"`
	LogLoss   float64 `parquet:"log_loss"` // sum over the windows
	Brier     float64 `parquet:"brier"`    // sum over the windows
}

// countEpisodes sums up rows that are in key order; samples are by episode.
func countEpisodes(rows []table.Prediction, samples []string) []EpisodeCount {
	const k = channel.NumPhases
	var list []EpisodeCount
	var cells [k * k]EpisodeCount
	episode := -1
	flush := func() {
		for i, c := range cells {
			if c.Windows > 0 {
				list = append(list, c)
			}
			cells[i] = EpisodeCount{}
		}
	}
	for i, r := range rows {
		if i == 0 || r.Key != rows[i-1].Key {
			flush()
			episode++
		}
		c := &cells[int(r.Phase)*k+int(r.Predicted)]
		c.Key, c.Profile, c.Sample = r.Key, r.Profile, samples[episode]
		c.Phase, c.Predicted = channel.PhaseName(int(r.Phase)), channel.PhaseName(int(r.Predicted))
		loss, square := measure.Losses(r.P[:], int(r.Phase))
		c.Windows++
		c.LogLoss += loss
		c.Brier += square
	}
	flush()
	return list
}

// WriteEpisodes writes episodes.parquet.
func WriteEpisodes(w io.Writer, rows []EpisodeCount) error {
	return parquet.Write(w, "episodeCount", rows)
}

// ReadEpisodes reads what [WriteEpisodes] wrote and checks that it makes sense.
func ReadEpisodes(fsys fs.FS) ([]EpisodeCount, error) {
	p, err := parquet.Open(fsys, EpisodesFile)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", EpisodesFile, err)
	}
	defer p.Close()
	t := parquet.NewTexter()
	rows, err := parquet.ReadAll(nil, p, []parquet.Column[EpisodeCount]{
		parquet.TextColumn("host_id", t, func(r *EpisodeCount) *string { return &r.Host }),
		parquet.TextColumn("episode_id", t, func(r *EpisodeCount) *string { return &r.Episode }),
		parquet.OptionalText("profile", t, func(r *EpisodeCount) *string { return &r.Profile }),
		parquet.OptionalText("sample", t, func(r *EpisodeCount) *string { return &r.Sample }),
		parquet.TextColumn("phase", t, func(r *EpisodeCount) *string { return &r.Phase }),
		parquet.TextColumn("predicted", t, func(r *EpisodeCount) *string { return &r.Predicted }),
		parquet.CountColumn("windows", func(r *EpisodeCount) *int32 { return &r.Windows }),
		parquet.NumberColumn("log_loss", func(r *EpisodeCount) *float64 { return &r.LogLoss }),
		parquet.NumberColumn("brier", func(r *EpisodeCount) *float64 { return &r.Brier }),
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", EpisodesFile, err)
	}
	for i, r := range rows {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("%s: row %d (the first is 0): %w", EpisodesFile, i, err)
		}
	}
	return rows, nil
}

func (r *EpisodeCount) check() error {
	switch {
	case channel.PhaseIndex(r.Phase) < 0 || channel.PhaseIndex(r.Predicted) < 0:
		return fmt.Errorf("%q predicted as %q are not phases", r.Phase, r.Predicted)
	case r.Windows < 1:
		return fmt.Errorf("%d windows, want at least 1", r.Windows)
	case !(r.LogLoss >= 0 && r.Brier >= 0 && r.LogLoss+r.Brier < 1e15):
		return fmt.Errorf("a loss of %v or %v is not possible", r.LogLoss, r.Brier)
	}
	return nil
}
