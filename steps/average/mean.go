package average

import (
	"cmp"
	"fmt"

	"assay/steps/kit/channel"
	"assay/steps/kit/model"
	"assay/steps/kit/prediction"
	"assay/steps/kit/table"
)

// A mean adds up predictions, one set after the other.
type mean struct {
	first string // what the first set is called
	about prediction.About
	rows  []table.Prediction // those of the first
	at    map[window]int     // their places
	sums  [][channel.NumPhases]float64
	sets  int
	seen  []int // how many sets had each row
}

// A window is one row of predictions.
type window struct {
	table.Key
	center float64
}

func (w window) String() string {
	return fmt.Sprintf("the window at %v s of episode %s of host %s", w.center, w.Episode, w.Host)
}

func windowOf(r *table.Prediction) window { return window{r.Key, r.Center} }

// newMean begins with a set.
func newMean(name string, p *prediction.Set) *mean {
	m := &mean{
		first: name, about: p.About, rows: p.Rows, at: make(map[window]int, len(p.Rows)), sets: 1,
		sums: make([][channel.NumPhases]float64, len(p.Rows)), seen: make([]int, len(p.Rows)),
	}
	m.about.Model, m.about.Rounds = prediction.ModelName(family, p.About.Context()), 0
	for i := range m.rows {
		m.at[windowOf(&m.rows[i])] = i
		m.count(i, &m.rows[i])
	}
	return m
}

// add adds another set. It fails unless that is of the same windows, with the same classes
// and parts.
func (m *mean) add(name string, p *prediction.Set) error {
	m.sets++
	for i := range p.Rows {
		r := &p.Rows[i]
		at, ok := m.at[windowOf(r)]
		if !ok {
			return fmt.Errorf("%s: %v is not among %s; connect predictions of the same split and windows", name,
				windowOf(r), m.first)
		}
		if err := m.agree(&m.rows[at], r); err != nil {
			return fmt.Errorf("%s: %v %w; connect predictions of the same split and windows", name, windowOf(r), err)
		}
		m.count(at, r)
	}
	for i, n := range m.seen {
		if n != m.sets {
			return fmt.Errorf("%s: %v is missing, and %s has it; connect predictions of the same split and windows", name,
				windowOf(&m.rows[i]), m.first)
		}
	}
	m.joinAbout(&p.About)
	return nil
}

// agree compares what two models say they predicted. A profile that one lacks is taken
// from the other.
func (m *mean) agree(is, r *table.Prediction) error {
	is.Profile = cmp.Or(is.Profile, r.Profile)
	switch {
	case r.Part != is.Part:
		return fmt.Errorf("is in part %q, and in part %q among %s", r.Part, is.Part, m.first)
	case r.Phase != is.Phase:
		return fmt.Errorf("is said to be %s, and %s among %s", channel.PhaseName(int(r.Phase)),
			channel.PhaseName(int(is.Phase)), m.first)
	case r.Profile != "" && r.Profile != is.Profile:
		return fmt.Errorf("is of profile %s, and %s among %s", r.Profile, is.Profile, m.first)
	}
	return nil
}

func (m *mean) count(at int, r *table.Prediction) {
	m.seen[at]++
	for k, p := range r.P {
		m.sums[at][k] += float64(p)
	}
}

// family is what an average is called.
const family = "average"

// joinAbout takes what another model is into what the average is: it sees what any of them
// sees. A schema that is not the same for all is none.
func (m *mean) joinAbout(other *prediction.About) {
	m.about.Model = prediction.ModelName(family, m.about.Context() || other.Context())
	m.about.Features = max(m.about.Features, other.Features)
	if other.Schema != m.about.Schema {
		m.about.Schema = ""
	}
	if other.View == string(model.Oracle) {
		m.about.View = other.View
	}
}

// set returns the mean.
func (m *mean) set() *prediction.Set {
	for i := range m.rows {
		r := &m.rows[i]
		for k, sum := range m.sums[i] {
			r.P[k] = float32(sum / float64(m.sets))
		}
		r.Predicted = r.Best()
	}
	return &prediction.Set{About: m.about, Rows: m.rows}
}
