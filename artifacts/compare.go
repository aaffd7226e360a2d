package artifacts

import (
	"fmt"
	"strings"
)

// A Difference is one line in which a lock and a run disagree.
type Difference struct {
	What string // "artifact", "source", "action"
	Name string
	Lock string // digest or key; "absent" if the lock has no such line
	Made string
	Note string // the probable reason
}

// String returns the difference in four lines for people.
func (d Difference) String() string {
	return fmt.Sprintf("%s %s\n  lock  %s\n  made  %s\n  %s", d.What, d.Name, d.Lock, d.Made, d.Note)
}

const absent = "absent"

// Compare returns how the lock differs from what was made: sources first, then
// artifacts, each in the order of their names.
func (l *Lock) Compare(made *Lock) []Difference {
	l.Text() // sorts both
	made.Text()
	return append(compareSources(l, made), compareArtifacts(l, made)...)
}

// compareSources lists the sources that only one of the two has, or that have different
// digests.
func compareSources(l, made *Lock) []Difference {
	var out []Difference
	have := map[string]Digest{}
	for _, s := range made.Sources {
		have[s.Name] = s.Digest
	}
	for _, s := range l.Sources {
		d, ok := have[s.Name]
		delete(have, s.Name)
		switch {
		case !ok:
			out = append(out, Difference{"source", s.Name, s.Digest.String(), absent,
				"the recipe no longer has this source"})
		case d != s.Digest:
			out = append(out, Difference{"source", s.Name, s.Digest.String(), d.String(),
				"the data have changed since the lock was made"})
		}
	}
	for _, s := range made.Sources {
		if _, left := have[s.Name]; left {
			out = append(out, Difference{"source", s.Name, absent, s.Digest.String(),
				"the lock is older than the recipe; make it again with: assay run"})
		}
	}
	return out
}

// compareArtifacts lists the artifacts that differ. Their keys tell why: the same action
// made other bytes, or it was another action.
func compareArtifacts(l, made *Lock) []Difference {
	var out []Difference
	have := map[string]LockedArtifact{}
	for _, a := range made.Artifacts {
		have[a.Name] = a
	}
	for _, a := range l.Artifacts {
		m, ok := have[a.Name]
		delete(have, a.Name)
		name := fmt.Sprintf("%s (step %s)", a.Name, stepOf(a.Name))
		switch {
		case !ok:
			out = append(out, Difference{"artifact", name, a.Digest.String(), absent,
				"the recipe no longer makes this artifact"})
		case m.Digest != a.Digest && m.Key == a.Key:
			out = append(out, Difference{"artifact", name, a.Digest.String(), m.Digest.String(),
				"the same action made other bytes: either " + m.Kind + " changed and its version was not raised, or " +
					"it is not deterministic, or the lock was edited"})
		case m.Digest != a.Digest:
			out = append(out, Difference{"artifact", name, a.Digest.String(), m.Digest.String(),
				"its action differs too (" + a.Kind + " in the lock, now " + m.Kind +
					"): a parameter, an input or the kind changed"})
		case m.Key != a.Key:
			out = append(out, Difference{"action", name, a.Key.String(), m.Key.String(),
				"the artifact is the same, but another action made it; make the lock again with: assay run"})
		case m.Kind != a.Kind:
			out = append(out, Difference{"kind", name, a.Kind, m.Kind,
				"the lock was edited; make it again with: assay run"})
		}
	}
	for _, m := range made.Artifacts {
		if _, left := have[m.Name]; left {
			name := fmt.Sprintf("%s (step %s)", m.Name, stepOf(m.Name))
			out = append(out, Difference{"artifact", name, absent, m.Digest.String(),
				"the lock is older than the recipe; make it again with: assay run"})
		}
	}
	return out
}

// stepOf returns the step of "gbt[view=oracle].model".
func stepOf(artifact string) string {
	if i := strings.IndexAny(artifact, "[."); i >= 0 {
		return artifact[:i]
	}
	return artifact
}
