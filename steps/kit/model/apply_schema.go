package model

import (
	"fmt"
	"slices"
	"strings"

	"assay/steps/kit/channel"
)

// find returns which of the columns are the features of a model, in its order.
func (s Schema) find(columns []string) ([]int, error) {
	if !slices.Equal(s.Classes, channel.Phases()) {
		return nil, fmt.Errorf("the classes of the model are %q, want %q", s.Classes, channel.Phases())
	}
	at := map[string]int{}
	for i, c := range columns {
		at[c] = i
	}
	var found []int
	var missing []string
	for _, f := range s.Features {
		i, ok := at[f]
		if !ok {
			missing = append(missing, f)
			continue
		}
		found = append(found, i)
	}
	switch {
	case len(missing) > 0 && s.Context() && !slices.ContainsFunc(columns, channel.IsContext):
		return nil, fmt.Errorf("%w: it reads causal context, such as %s, which the windows table lacks; "+
			"set context: true in the step of features that makes the windows", ErrSchema,
			missing[slices.IndexFunc(missing, channel.IsContext)])
	case len(missing) > 0:
		return nil, fmt.Errorf("%w: of its %d features the windows table lacks %d: %s; build the features that it was "+
			"trained on", ErrSchema, len(s.Features), len(missing), strings.Join(some(missing), ", "))
	}
	return found, nil
}

// some returns the first few names of a list.
func some(names []string) []string {
	const few = 3
	if len(names) <= few {
		return names
	}
	return append(slices.Clone(names[:few]), "…")
}

// applies returns an error if a table, of which t are all columns, says that they mean something
// else than the model's.
func (s Schema) applies(t Schema) error {
	if s.Meaning == "" || t.Meaning == "" || s.Meaning == t.Meaning {
		return nil
	}
	if t.Context() && !s.Context() {
		return fmt.Errorf("%w: the windows table has causal context, which it does not read; leave context out of the "+
			"step of features that makes the windows", ErrSchema)
	}
	return s.Match(Schema{Features: s.Features, Classes: s.Classes, Meaning: t.Meaning})
}

// of returns an error unless the view is that of a model with these features: realistic if
// all of them exist where it is deployed, else oracle. If none of the columns is hidden, both
// views are the same, and it may be either.
func (v View) of(features, columns []string) error {
	if err := v.Check(); err != nil {
		return err
	}
	hidden := func(f string) bool { return !channel.Deployed(f) }
	i := slices.IndexFunc(features, hidden)
	if v == Realistic && i >= 0 {
		return fmt.Errorf("the model reads %.60q, which the view %s does not show; set view: %s", features[i], v, Oracle)
	}
	if v == Oracle && i < 0 && slices.ContainsFunc(columns, hidden) {
		return fmt.Errorf("the model reads no channel but those of the deployment; set view: %s", Realistic)
	}
	return nil
}
