package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"assay/artifacts/store"
	"assay/cmd/assay/internal/diff"
	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/state"
	"assay/engine/recipe"
	"assay/steps/kit/compare"
	"assay/steps/kit/measure"
)

// diffVerb is one call of the verb diff.
type diffVerb struct {
	options
	format   string
	measures []string
	exitCode bool
}

// newDiff makes the verb diff.
func newDiff() *cobra.Command {
	var v diffVerb
	c := &cobra.Command{
		Use:   "diff [OLD [NEW]] RECIPE",
		Short: "what changed between two states of a recipe",
		Long: `diff says what changed between two states of a recipe: its values, sources, steps, and
the scores of its models, with paired differences. It runs nothing. A state is

  git:REV      the lock, and the recipe, as committed at a git revision
  lock:FILE    a lock file
  run:RUN      what a past run made; runs are named as in assay runs, or "last"

Without the prefix, the word is whichever of these exists. If several do, diff refuses
the word and lists how to write it. NEW is by default the recipe as it is now, with --set
and --params, as far as its results are in the store. OLD is by default git:HEAD, or the
lock beside the recipe if HEAD has none.

  assay diff recipes/quick.yaml                          what is not committed yet
  assay diff HEAD~1 HEAD recipes/quick.yaml              what a commit changed
  assay diff recipes/quick.yaml --set params.seed=8      a variant that was run
  assay diff main recipes/quick.yaml --format markdown   for a pull request

Differences are of new less old. Evaluations are paired by the name of their artifact and
compared on the same resamples of episodes, as the kind compare does.`,
		Args: atMost(3, "diff takes at most two states, and then a recipe"),
		RunE: v.run,
	}
	v.register(c)
	f := c.Flags()
	f.StringVar(&v.format, "format", "text", "write this `format`: "+strings.Join(diffFormats(), ", "))
	f.StringSliceVar(&v.measures, "measure", []string{measure.Primary},
		"compare by these `measures`: "+strings.Join(compare.Measures(), ", "))
	f.BoolVar(&v.exitCode, "exit-code", false, "exit with 1 if the states differ")
	return c
}

func diffFormats() []string { return []string{"text", "json", "markdown"} }

// check refuses formats and measures that do not exist, and words in the wrong order.
func (v *diffVerb) check(args []string) error {
	if err := oneOf("--format", v.format, diffFormats()); err != nil {
		return err
	}
	for _, m := range v.measures {
		if err := oneOf("--measure", m, compare.Measures()); err != nil {
			return err
		}
	}
	if n := len(args); n > 1 && isRecipe(args[0]) && !isRecipe(args[n-1]) {
		return usagef("the recipe comes last: assay diff %s %s", strings.Join(args[1:], " "), args[0])
	}
	if len(args) == 3 && !v.asWritten() {
		return usagef("--set and --params change the recipe as it is now; leave out the state %s", args[1])
	}
	return nil
}

func isRecipe(word string) bool {
	ext := filepath.Ext(word)
	return ext == ".yaml" || ext == ".yml"
}

// oneOf refuses a word that is none of some.
func oneOf(flag, word string, words []string) error {
	for _, w := range words {
		if w == word {
			return nil
		}
	}
	return usagef("%s %q (%s)", flag, word, recipe.Suggest(word, words))
}

// run compares the states that args name before the recipe.
func (v *diffVerb) run(c *cobra.Command, args []string) error {
	if err := v.check(args); err != nil {
		return err
	}
	last := max(len(args)-1, 0)
	words, rest := args[:last], args[last:]
	if err := needsFile(c, rest, "the lock lies beside it"); err != nil {
		return err
	}
	if len(words) < 2 {
		return v.withSession(c, rest, func(s *session) error {
			now, err := s.current(c.Context())
			if err != nil {
				return err
			}
			return v.compare(c, s.store, rest[0], words, now)
		})
	}
	if err := v.enter(c, rest); err != nil {
		return err
	}
	st, err := v.openStore(c)
	if err != nil {
		return err
	}
	defer st.Close()
	return v.compare(c, st, rest[0], words, nil)
}

// compare compares the states that words name; those that are not named are the
// committed one and now.
func (v *diffVerb) compare(c *cobra.Command, st *store.Store, file string, words []string, now *state.State) error {
	before, err := v.find(c.Context(), file, words, 0)
	if err != nil {
		return err
	}
	after := now
	if after == nil {
		if after, err = v.find(c.Context(), file, words, 1); err != nil {
			return err
		}
	}
	o := diff.Options{Recipe: filepath.ToSlash(file), Measures: v.measures, Store: st}
	d, err := diff.New(c.Context(), o, before, after)
	if err != nil {
		return err
	}
	if err := v.write(c.OutOrStdout(), d); err != nil {
		return err
	}
	if v.exitCode && !d.Empty() {
		return &shownError{errors.New("the states differ"), exitFailed}
	}
	return nil
}

// find returns the state that word i names, or the committed one without such a word.
func (v *diffVerb) find(ctx context.Context, file string, words []string, i int) (*state.State, error) {
	return findState(ctx, &v.options, file, append(words, "", "")[i])
}

func (v *diffVerb) write(w io.Writer, d *diff.Diff) error {
	switch v.format {
	case "json":
		return plain.WriteJSON(w, d)
	case "markdown":
		return d.Markdown(w)
	}
	return d.Text(w, widthOf(w))
}
