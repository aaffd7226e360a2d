package report

import (
	"fmt"
	"io/fs"

	"assay/steps/kit/channel"
	"assay/steps/kit/figure"
	"assay/steps/kit/plain"
	"assay/steps/kit/profile"
)

// profileSection shows what each attack looks like.
func profileSection(d *document) *section {
	f := &figure.Figure{Name: "profiles", Across: 3, Width: 340, Height: 170}
	for _, e := range d.Profiles {
		if p, ok := profilePanel(e); ok {
			f.Panels = append(f.Panels, p)
		}
	}
	if len(f.Panels) == 0 {
		return nil
	}
	about := "One channel of each attack, aligned by phase over many episodes: the median is a line, the quartiles are the band around it. Rules divide " +
		"the phases: clean, armed, infecting, infected running, clean again. A phase has as much room in a short episode as in a long one. " +
		"n is the number of episodes."
	return panelSection("profiles", "What attacks look like", about, nil, f)
}

// profilePanel draws an envelope.
func profilePanel(e *profile.Envelope) (figure.Panel, bool) {
	layout, err := e.Layout()
	if err != nil {
		return figure.Panel{}, false // reading has refused such
	}
	b := figure.Band{Low: e.P25, Value: e.Median, Top: e.P75}
	for _, p := range layout.Parts() {
		b.Parts = append(b.Parts, figure.Part{Name: partNames()[p.Name], From: p.From, To: p.To})
	}
	name, unit := plain.Name(e.Profile), unitOf(e.Channel)
	title := fmt.Sprintf("%s: %s, %s, n = %d", name, e.Channel, unit, e.Used)
	return figure.Bands(title, fmt.Sprintf("%s of %s in %s, by phase", e.Channel, name, unit), b), true
}

// partNames are the names of parts as a figure has room for them.
func partNames() map[string]string {
	return map[string]string{
		"clean_lead": "clean", "armed": "armed", "infecting": "infecting", "infected_running": "infected running",
		"clean_tail": "clean",
	}
}

// unitOf returns the unit of a channel's series.
func unitOf(name string) string {
	for _, c := range channel.All() {
		switch {
		case c.Name == name && c.Kind == channel.Counter:
			return c.Unit + " per second"
		case c.Name == name:
			return c.Unit
		}
	}
	return "its unit"
}

// readProfiles reads the envelopes, if the recipe connects them.
func readProfiles(fsys fs.FS) ([]*profile.Envelope, error) {
	if fsys == nil {
		return nil, nil
	}
	return profile.Read(fsys)
}
