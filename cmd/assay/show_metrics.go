package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/scores"
	"assay/cmd/assay/internal/state"
	"assay/steps/kit/compare"
	"assay/steps/kit/measure"
)

// metricsFlags are the flags of show --metrics.
type metricsFlags struct {
	on       bool
	format   string
	measures []string
}

func (m *metricsFlags) register(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&m.on, "metrics", false, "print the scores of the models")
	f.StringVar(&m.format, "format", "text", "with --metrics: write this `format`: "+strings.Join(metricsFormats(), ", "))
	f.StringSliceVar(&m.measures, "measure", []string{measure.Primary},
		"with --metrics: print these `measures`: "+strings.Join(compare.Measures(), ", "))
}

func metricsFormats() []string { return []string{"text", "csv", "json"} }

// check refuses flags without --metrics, and formats and measures that do not exist.
func (m *metricsFlags) check(c *cobra.Command) error {
	for _, name := range []string{"format", "measure"} {
		if !m.on && c.Flags().Changed(name) {
			return usagef("--%s is for show --metrics", name)
		}
	}
	if err := oneOf("--format", m.format, metricsFormats()); err != nil {
		return err
	}
	for _, name := range m.measures {
		if err := oneOf("--measure", name, compare.Measures()); err != nil {
			return err
		}
	}
	return nil
}

// run prints the scores of the state that the word after the recipe names, or of the
// recipe as it is now.
func (m *metricsFlags) run(c *cobra.Command, o *options, args []string) error {
	if len(args) < 2 {
		return o.withSession(c, args, func(s *session) error {
			now, err := s.current(c.Context())
			if err != nil {
				return err
			}
			return m.print(c, s.store, now)
		})
	}
	if !o.asWritten() {
		return usagef("--set and --params change the recipe as it is now; leave out the state %s", args[1])
	}
	if err := o.enter(c, args); err != nil {
		return err
	}
	st, err := o.openStore(c)
	if err != nil {
		return err
	}
	defer st.Close()
	s, err := findState(c.Context(), o, args[0], args[1])
	if err != nil {
		return err
	}
	return m.print(c, st, s)
}

// printed is what --format json writes.
type printed struct {
	State       string           `json:"state"`
	About       string           `json:"about"`
	Evaluations []scores.Line    `json:"evaluations"`
	Missing     []scores.Missing `json:"missing"`
	Unmade      []string         `json:"not_made"`
}

// print prints the scores of a state, and what is missing.
func (m *metricsFlags) print(c *cobra.Command, st *store.Store, s *state.State) error {
	list, missing := scores.Read(st, s.Lock)
	out := c.OutOrStdout()
	switch m.format {
	case "csv":
		sayMissing(c.ErrOrStderr(), s, missing)
		return scores.WriteCSV(out, scores.Lines(list, m.measures))
	case "json":
		return plain.WriteJSON(out, printed{s.Name, s.About, scores.Lines(list, m.measures),
			append([]scores.Missing{}, missing...), append([]string{}, s.Unmade...)})
	}
	if len(list) == 0 {
		fmt.Fprintf(out, "%s has no evaluations in the store\n", plain.Printable(s.Name))
	}
	if err := m.tables(c, list); err != nil {
		return err
	}
	sayMissing(out, s, missing)
	return nil
}

// tables prints a table for each measure.
func (m *metricsFlags) tables(c *cobra.Command, list []*scores.Evaluation) error {
	printed := 0
	for _, which := range measure.All() {
		if !slices.Contains(m.measures, which.Name) || len(list) == 0 {
			continue
		}
		if printed++; printed > 1 {
			fmt.Fprintln(c.OutOrStdout())
		}
		t, err := scores.NewTable(c.Context(), list, which)
		if err != nil {
			return err
		}
		if err := t.Text(c.OutOrStdout(), scores.Level(list), widthOf(c.OutOrStdout())); err != nil {
			return err
		}
	}
	return nil
}

// sayMissing says which evaluations are not in the store, and how to make them.
func sayMissing(w io.Writer, s *state.State, missing []scores.Missing) {
	say := func(n int, word, is, first string) {
		if n > 0 {
			fmt.Fprintf(w, "\n%s %s\n  such as: %s\n  to make: %s\n", plain.Plural(n, word), is, plain.Printable(first),
				plain.Printable(s.Remedy))
		}
	}
	if len(missing) > 0 {
		say(len(missing), "evaluation", "cannot be read", missing[0].Artifact+": "+missing[0].Why)
	}
	if len(s.Unmade) > 0 {
		say(len(s.Unmade), "node", "not made yet", s.Unmade[0])
	}
}
