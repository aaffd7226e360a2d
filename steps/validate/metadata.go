package validate

import (
	"time"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/signal"
	"assay/steps/kit/table"
)

// meta judges meta.json: it must exist, have the known schema, and belong to this
// episode.
func (c *checker) meta() {
	m := &c.e.Meta
	switch {
	case !m.Present:
		c.v.reject("meta_missing", "there is no meta.json at the top of the tar")
		return
	case m.Broken != "":
		c.v.reject("meta_broken", "meta.json %s", m.Broken)
		return
	}
	for _, p := range m.Problems {
		c.v.degrade("meta_type", "%s", p)
	}
	switch {
	case m.Version == 0:
		c.v.degrade("meta_version", "schema_version is not given; taken for %d", c.p.SchemaVersion)
	case m.Version != int64(c.p.SchemaVersion):
		c.v.reject("meta_version", "schema_version is %d, this reads %d", m.Version, c.p.SchemaVersion)
	}
	if m.EpisodeID != c.e.ID {
		c.v.reject("meta_episode_id", "episode_id is %s, the file is %s", episode.Clip(m.EpisodeID), episode.Clip(c.e.ID))
	}
	if m.HostID != c.e.Host {
		c.v.reject("meta_host_id", "host_id is %s, the folder is %s", episode.Clip(m.HostID), episode.Clip(c.e.Host))
	}
	if m.Profile == "" {
		c.v.degrade("meta_profile", "sample.profile is not given: the episode counts for no profile")
	}
	if m.SampleSHA != "" && table.SampleDigest(m.SampleSHA) == "" {
		c.v.remark("sample_sha256", "sample.sha256 is %s, which is the SHA-256 of no content; it counts as not given",
			episode.Clip(m.SampleSHA))
	}
}

// labels judges the ground truth: a mistake here makes classes wrong.
func (c *checker) labels() {
	l := &c.e.Labels
	switch {
	case !l.Present:
		c.v.reject("labels_missing", "there is no labels.jsonl at the top of the tar")
		return
	case len(l.Rows) == 0 && l.Lost.Total() == 0:
		c.v.reject("labels_empty", "labels.jsonl has no row")
		return
	}
	if n := l.Lost.Total(); n > 0 {
		c.v.reject("labels_broken", "%d of %d rows are unusable (%s), the first at line %d",
			n, n+len(l.Rows), lost(l.Lost), l.Lost.FirstLine)
	}
	var order, unknown, prev, clock tally
	for i, row := range l.Rows {
		if channel.PhaseIndex(row.Phase) < 0 {
			unknown.add(i)
		}
		if first := l.Rows[0]; row.MonoNs != 0 && first.MonoNs != 0 &&
			away(row.T, float64(row.MonoNs-first.MonoNs)/1e9) > c.tolerance {
			clock.add(i)
		}
		if i == 0 {
			continue
		}
		if row.T < l.Rows[i-1].T {
			order.add(i)
		}
		if row.HasPrev && row.Prev != l.Rows[i-1].Phase {
			prev.add(i)
		}
	}
	if order.n > 0 {
		c.v.reject("labels_order", "row %d lies before the row above it in time (%d such rows)", order.first+1, order.n)
	}
	if unknown.n > 0 {
		c.v.reject("labels_phase", "row %d has the phase %s, which is none of the %d known (%d such rows)",
			unknown.first+1, episode.Clip(l.Rows[unknown.first].Phase), channel.NumPhases, unknown.n)
	}
	if clock.n > 0 {
		c.v.reject("labels_clock", "row %d is %.1f s after the first by t_wall_ns, %.1f s by t_mono_ns (%d such rows)",
			clock.first+1,
			l.Rows[clock.first].T, float64(l.Rows[clock.first].MonoNs-l.Rows[0].MonoNs)/1e9, clock.n)
	}
	if prev.n > 0 {
		c.v.remark("labels_prev", "row %d says that %s came before, the row above is %s (%d such rows)", prev.first+1,
			episode.Clip(l.Rows[prev.first].Prev), episode.Clip(l.Rows[prev.first-1].Phase), prev.n)
	}
	c.observed()
	c.scheduled()
	c.control()
}

// duration judges the length of the episode.
func (c *checker) duration() {
	if len(c.e.Labels.Rows) == 0 {
		return // time has no zero
	}
	d := signal.Duration(c.e, &c.signals)
	if c.e.Meta.Duration <= 0 {
		c.v.degrade("duration_missing", "result.duration_observed_s is not above 0; the last row is taken for the "+
			"end, at %.1f s", d)
	}
	if d < c.p.MinDuration.Seconds() {
		c.v.reject("duration_short", "%.1f s, want at least %v", d, time.Duration(c.p.MinDuration))
	}
	if d > c.p.MaxDuration.Seconds() {
		c.v.reject("duration_long", "%.1f s, want at most %v", d, time.Duration(c.p.MaxDuration))
	}
	if last := c.e.Labels.Rows[len(c.e.Labels.Rows)-1].T; last > d+c.tolerance {
		c.v.degrade("labels_late", "the last label stands at %.1f s, the episode ends at %.1f s", last, d)
	}
}
