package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine/step"
)

// keep moves the outputs of a job to the store and records the result. It writes the record
// last: until then, nobody can find the outputs.
func (j *Job) keep(ctx context.Context, s *store.Store, took time.Duration, said *notebook) (*store.Result, error) {
	if err := errors.Join(ctx.Err(), j.Action.unchanged()); err != nil {
		return nil, err
	}
	res := &store.Result{Key: j.Action.Key(), Text: j.Action.Text(), Took: took}
	for _, p := range j.Action.Outputs {
		t, odd, err := s.Commit(j.output(p.Name), j.inputs())
		if err != nil {
			return nil, fmt.Errorf("output %s: %w", p.Name, err)
		}
		for _, text := range odd {
			j.Sink.Emit(step.Message{Warning: "output " + p.Name + ": " + text})
		}
		res.Outputs = append(res.Outputs, store.Output{Port: p.Name, Tree: t})
	}
	res.Notes = said.notes()
	if err := s.PutResult(res); err != nil {
		return nil, fmt.Errorf("record the result: %w", err)
	}
	if err := s.DropResume(res.Key); err != nil {
		s.Warn(fmt.Sprintf("cannot remove the progress of %s, which is not needed any more: %v", j.Node, err))
	}
	return res, nil
}

// A notebook collects the counts and warnings of one execution for the record.
type notebook struct {
	mu       sync.Mutex
	counts   map[string]int
	warnings []string
}

// maxWarnings is how many warnings of one execution its record keeps.
const maxWarnings = 100

// add enters a message, if it is a count or a warning.
func (b *notebook) add(ev step.Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case ev.Count != "":
		if b.counts == nil {
			b.counts = map[string]int{}
		}
		b.counts[ev.Count] += ev.N
	case ev.Warning != "":
		if len(b.warnings) < maxWarnings {
			b.warnings = append(b.warnings, ev.Warning)
		}
	}
}

// notes returns the counts, sorted by name, and then the warnings.
func (b *notebook) notes() []artifacts.Note {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []artifacts.Note
	for _, name := range slices.Sorted(maps.Keys(b.counts)) {
		out = append(out, artifacts.Note{Count: name, N: b.counts[name]})
	}
	for _, w := range b.warnings {
		out = append(out, artifacts.Note{Warning: w})
	}
	return out
}
