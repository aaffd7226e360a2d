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
	if len(missing) > 0 {
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

// applies returns an error if a table says that its columns mean something else than the
// model's.
func (s Schema) applies(meaning string) error {
	if s.Meaning == "" || meaning == "" || s.Meaning == meaning {
		return nil
	}
	return s.Match(Schema{Features: s.Features, Classes: s.Classes, Meaning: meaning})
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
