package produce

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"assay/cmd/assay/internal/live"
	"assay/steps/kit/channel"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// A Voice is what one model said of the windows of a split.
type Voice struct {
	Name Name
	Said *prediction.Set
}

// A Moment is a window of an episode with everything that is said of it.
type Moment struct {
	T      float64 // seconds since the episode's first label
	Events []live.Event
}

// Replay tells recorded episodes again, window by window.
type Replay struct {
	windows  *table.Windows
	span     float64
	voices   []Voice
	said     map[moment][]said // by window
	episodes []int32
	columns  []column
}

// moment names a window.
type moment struct {
	table.Key
	center float64
}

// said is a row of a voice.
type said struct {
	voice int
	row   *table.Prediction
}

// column is a channel's mean in the windows table.
type column struct {
	at   int
	name string
}

// meanSuffix ends the names of the features that are means.
const meanSuffix = ".mean"

// NewReplay prepares a replay of the test episodes that the first voice speaks of. span is the
// length of a window in seconds. only names one episode as HOST/EPISODE; with "" all are told,
// those of many phases first.
func NewReplay(w *table.Windows, span float64, voices []Voice, only string) (*Replay, error) {
	r := &Replay{windows: w, span: span, voices: voices, said: map[moment][]said{}}
	for i, v := range voices {
		for k := range v.Said.Rows {
			row := &v.Said.Rows[k]
			at := moment{row.Key, row.Center}
			r.said[at] = append(r.said[at], said{i, row})
		}
	}
	for i, f := range w.Features {
		if name, ok := strings.CutSuffix(f, meanSuffix); ok && len(r.columns) < 64 {
			r.columns = append(r.columns, column{i, name})
		}
	}
	if err := r.choose(only); err != nil {
		return nil, err
	}
	return r, nil
}

// choose finds the episodes to tell.
func (r *Replay) choose(only string) error {
	first := map[table.Key]table.Part{}
	if len(r.voices) > 0 {
		for i := range r.voices[0].Said.Rows {
			row := &r.voices[0].Said.Rows[i]
			first[row.Key] = row.Part
		}
	}
	for i, e := range r.windows.Episodes {
		part, spoken := first[e.Key]
		if name := e.Host + "/" + e.Episode; only == name && spoken || only == "" && part == table.Test {
			r.episodes = append(r.episodes, int32(i))
		}
	}
	if len(r.episodes) == 0 {
		if only != "" {
			return fmt.Errorf("no prediction is of the episode %s; want HOST/EPISODE of the test or validation part", only)
		}
		return fmt.Errorf("no prediction is of an episode of the test part")
	}
	phases := map[int32]int{}
	for i := range r.windows.Len() {
		e := r.windows.Episode[i]
		if i == 0 || r.windows.Episode[i-1] != e || r.windows.Phase[i-1] != r.windows.Phase[i] {
			phases[e]++
		}
	}
	slices.SortStableFunc(r.episodes, func(a, b int32) int { return cmp.Compare(phases[b], phases[a]) })
	return nil
}

// Episodes returns how many episodes there are to tell.
func (r *Replay) Episodes() int { return len(r.episodes) }

// Episode returns the windows of an episode in their order, and the name of the episode.
func (r *Replay) Episode(i int) (string, []Moment, error) {
	e := r.episodes[i]
	ref := r.windows.Episodes[e]
	var rows []int
	for i := range r.windows.Len() {
		if r.windows.Episode[i] == e {
			rows = append(rows, i)
		}
	}
	var list []Moment
	for n, row := range rows {
		events, err := r.moment(ref, row, n+1, len(rows))
		if err != nil {
			return "", nil, fmt.Errorf("episode %s of host %s: %w", ref.Episode, ref.Host, err)
		}
		list = append(list, Moment{r.windows.Center[row], events})
	}
	return ref.Host + "/" + ref.Episode, list, nil
}

// moment returns the events of one window: what was measured, then what each model says.
func (r *Replay) moment(ref table.EpisodeRef, row, n, of int) ([]live.Event, error) {
	t := r.windows.Center[row]
	phase := channel.PhaseName(int(r.windows.Phase[row]))
	w := live.Window{
		Type: live.TypeWindow, Host: ref.Host, Episode: ref.Episode, Profile: ref.Profile, T: t, Span: r.span,
		Phase: phase, Number: n, Of: of, Channels: map[string]*float64{},
	}
	if len(r.voices) > 0 {
		w.Split = r.voices[0].Name.Split
	}
	x := r.windows.Row(row)
	for _, c := range r.columns {
		if v := finite(sixDigits(float64(x[c.at]))); v != nil {
			w.Channels[c.name] = v
		}
	}
	events, err := encode(w)
	if err != nil {
		return nil, err
	}
	for _, s := range r.said[moment{ref.Key, t}] {
		more, err := encode(r.prediction(s, ref, phase))
		if err != nil {
			return nil, err
		}
		events = append(events, more...)
	}
	return events, nil
}

// sixDigits rounds a number for a picture, which makes events a third shorter.
func sixDigits(v float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil {
		return v
	}
	return short
}

// prediction returns what a model says of a window.
func (r *Replay) prediction(s said, ref table.EpisodeRef, phase string) live.Prediction {
	name := r.voices[s.voice].Name
	p := live.Prediction{
		Type: live.TypePrediction, Model: name.Model, View: name.View, Split: name.Split, Host: ref.Host,
		Episode: ref.Episode, T: s.row.Center, Phase: phase, Predicted: channel.PhaseName(int(s.row.Predicted)),
		P: map[string]float64{},
	}
	for k, v := range s.row.P {
		// Four digits are enough for a picture, and half as long.
		p.P[channel.PhaseName(k)] = math.Round(float64(v)*10_000) / 10_000
	}
	return p
}
