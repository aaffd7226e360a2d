package profiles

import (
	"errors"
	"fmt"

	"assay/steps/internal/cures"
	"assay/steps/kit/profile"
	"assay/steps/kit/table"
)

// Params are the parameters of the kind.
type Params struct {
	N         int            `json:"n" doc:"most episodes of a profile"`
	Seed      uint64         `json:"seed" doc:"chooses the episodes, by a hash of their names: another episode in the store changes no other's turn"`
	Points    int            `json:"points" doc:"points of a curve, spread over the phases as the original's 80 are"`
	Statuses  []table.Status `json:"statuses" doc:"verdicts of the episodes to use; none means accepted"`
	Channels  Channels       `json:"channels" doc:"the channel that shows each profile of the paper"`
	Others    []Subject      `json:"others" doc:"further profiles, and the channel that shows each"`
	Cures     cures.Params   `json:"cures" doc:"quirks of the original's channels to correct, as in features; those of windows change nothing here"`
	Alignment Alignment      `json:"alignment" doc:"quirks of the original's alignment to correct; by default none"`
}

// Channels name the channel of each profile of the paper.
type Channels struct {
	CPUSaturate   string `json:"cpu-saturate" doc:"channel of the profile cpu-saturate"`
	IOWalk        string `json:"io-walk" doc:"channel of the profile io-walk"`
	BurstyC2      string `json:"bursty-c2" doc:"channel of the profile bursty-c2"`
	LowAndSlow    string `json:"low-and-slow" doc:"channel of the profile low-and-slow"`
	ScanAndDial   string `json:"scan-and-dial" doc:"channel of the profile scan-and-dial"`
	ShellResident string `json:"shell-resident" doc:"channel of the profile shell-resident"`
}

// A Subject is a profile that the paper does not have, and its channel.
type Subject struct {
	Profile string `json:"profile" doc:"name of the profile in meta.json"`
	Channel string `json:"channel" doc:"name of its channel"`
}

// Alignment are the cures of the alignment; [profile.Cures] says more of each.
type Alignment struct {
	SegmentMidpoints   bool `json:"segment_midpoints" doc:"points lie in the middles of equal pieces of a phase, instead of from its first instant to its last, where an episode has no samples"`
	MissingPoints      bool `json:"missing_points" doc:"a point without a value in any episode is missing, instead of 0"`
	ContiguousSegments bool `json:"contiguous_segments" doc:"take the first walk through the phases without a break, instead of each phase from its first start to its last end"`
	NoInventedSegments bool `json:"no_invented_segments" doc:"a phase that is not there has no points, instead of 0.1 s that the original makes up"`
}

// Defaults returns the parameters of the paper.
func Defaults() Params {
	p := Params{N: 100, Points: profile.Points}
	of := map[string]string{}
	for _, s := range profile.Defaults() {
		of[s.Profile] = s.Channel
	}
	p.Channels = Channels{
		CPUSaturate: of["cpu-saturate"], IOWalk: of["io-walk"], BurstyC2: of["bursty-c2"],
		LowAndSlow: of["low-and-slow"], ScanAndDial: of["scan-and-dial"], ShellResident: of["shell-resident"],
	}
	return p
}

// subjects lists the profiles and their channels, those of the paper first.
func (p *Params) subjects() []profile.Subject {
	c := &p.Channels
	list := []profile.Subject{
		{Profile: "cpu-saturate", Channel: c.CPUSaturate},
		{Profile: "io-walk", Channel: c.IOWalk},
		{Profile: "bursty-c2", Channel: c.BurstyC2},
		{Profile: "low-and-slow", Channel: c.LowAndSlow},
		{Profile: "scan-and-dial", Channel: c.ScanAndDial},
		{Profile: "shell-resident", Channel: c.ShellResident},
	}
	for _, o := range p.Others {
		list = append(list, profile.Subject(o))
	}
	return list
}

// curveCures returns the cures in the units of their work.
func (p *Params) curveCures() profile.Cures {
	return profile.Cures{
		SegmentMidpoints:   p.Alignment.SegmentMidpoints,
		MissingPoints:      p.Alignment.MissingPoints,
		ContiguousSegments: p.Alignment.ContiguousSegments,
		NoInventedSegments: p.Alignment.NoInventedSegments,
		MaxGap:             p.Cures.MaxGap.Seconds(),
	}
}

// uses reports whether episodes of a verdict are used.
func (p *Params) uses(s table.Status) bool {
	for _, used := range p.Statuses {
		if s == used {
			return true
		}
	}
	return len(p.Statuses) == 0 && s == table.Accepted
}

// most is the greatest number of episodes of a profile. With the most points their curves
// take 320 MB.
const most = 10_000

// Check returns every mistake at once.
func (p *Params) Check() error {
	var errs []error
	if p.N < 1 || p.N > most {
		errs = append(errs, fmt.Errorf("n is %d, want 1 to %d", p.N, most))
	}
	if _, err := profile.NewLayout(p.Points); err != nil {
		errs = append(errs, err)
	}
	for _, s := range p.Statuses {
		if !s.Usable() {
			errs = append(errs, fmt.Errorf("statuses: %q is not usable; take accepted, degraded or both", s))
		}
	}
	seen := map[string]bool{}
	for _, s := range p.subjects() {
		if s.Profile == "" {
			errs = append(errs, errors.New("others: a profile has no name"))
		}
		if seen[s.Profile] {
			errs = append(errs, fmt.Errorf("others: the profile %q has a channel already; change it under channels",
				s.Profile))
		}
		seen[s.Profile] = true
		if _, err := profile.ChannelIndex(s.Channel); err != nil {
			errs = append(errs, fmt.Errorf("channel of %s: %w", s.Profile, err))
		}
	}
	return errors.Join(append(errs, p.Cures.Check())...)
}
