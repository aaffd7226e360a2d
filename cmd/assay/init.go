package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/cmd/assay/internal/schema"
	"assay/steps"
)

// newInit makes the verb init.
func newInit() *cobra.Command {
	var corpus string
	c := &cobra.Command{
		Use:   "init [DIR]",
		Short: "write a recipe to start from",
		Long: `init writes DIR/recipe.yaml (default: in this folder), a commented recipe that runs
unchanged on a corpus, and the schema for editors beside it. It never overwrites a file.`,
		Args: atMost(1, "init takes one folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return initRecipe(c, ".", corpus)
			}
			return initRecipe(c, args[0], corpus)
		},
	}
	c.Flags().StringVar(&corpus, "corpus", "", "the corpus: a `folder` with recorded episodes, <host>/<episode>.tar.zst")
	return c
}

// initRecipe writes the recipe and the schema, and says what to do next.
func initRecipe(c *cobra.Command, dir, corpus string) error {
	if dir == "" { // a shell's variable that is not set
		return usagef("the name of the folder is empty; leave it out for this folder")
	}
	hosts, err := corpusHosts(corpus)
	if err != nil {
		return &usageError{err}
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	file := filepath.Join(dir, "recipe.yaml")
	if err := writeNew(file, starter(filepath.Base(abs), corpus, hosts)); err != nil {
		return err
	}
	var sch strings.Builder
	if err := plain.WriteJSON(&sch, schema.Recipe(steps.All())); err != nil {
		return err
	}
	if err := writeNew(filepath.Join(dir, schemaFile), sch.String()); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	out := c.OutOrStdout()
	fmt.Fprintf(out, "wrote %s\n\nNext:\n", file)
	if corpus == "" {
		fmt.Fprintf(out, "  edit %s: put the path of your corpus after \"store:\"\n", file)
	}
	fmt.Fprintf(out, "  assay plan %s    what will run, and why\n  assay run %s     run it\n", file, file)
	fmt.Fprintf(out, "\nResults are stored in .assay, which keeps itself out of git, and copied to out. Keep out/ "+
		"out of git, and commit the .lock.\n")
	return nil
}

// writeNew writes a file that must not exist yet.
func writeNew(name, text string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, os.ErrExist) {
		return usagef("%s exists already; it is left as it is: %w", name, os.ErrExist)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// corpusHosts returns the hosts of a corpus; none if the user named no corpus.
func corpusHosts(corpus string) ([]string, error) {
	if corpus == "" {
		return nil, nil
	}
	if _, err := os.Stat(corpus); err != nil {
		return nil, fmt.Errorf("cannot read the corpus: %w", err)
	}
	dirs, err := os.ReadDir(corpus)
	if err != nil {
		return nil, fmt.Errorf("cannot read the corpus: %w", err)
	}
	var hosts []string
	for _, d := range dirs {
		if found, _ := filepath.Glob(filepath.Join(globEscape(corpus), globEscape(d.Name()),
			"*.tar.zst")); len(found) > 0 {
			hosts = append(hosts, d.Name())
		}
	}
	if len(hosts) == 0 {
		return nil, fmt.Errorf("%s is not a corpus: it has no <host>/<episode>.tar.zst", corpus)
	}
	return hosts, nil
}

func globEscape(path string) string {
	return regexp.MustCompile(`[*?\[\\]`).ReplaceAllString(path, `\$0`)
}

// starter returns the recipe to start from.
func starter(name, corpus string, hosts []string) string {
	host, note := "HOST", " # the folder of your corpus"
	if len(hosts) > 0 {
		host, note = hosts[len(hosts)-1], ""
	}
	if corpus == "" {
		corpus = "corpus"
	}
	return strings.NewReplacer(
		"@SCHEMA", schemaLine,
		"@NAME", scalarText(name),
		"@STORE", scalarText(filepath.ToSlash(corpus)),
		"@NOTE", note,
		"@HOST", scalarText(host),
	).Replace(starterText)
}

// scalarText returns a text as YAML, in quotes if YAML would read it as something else.
func scalarText(text string) string {
	if regexp.MustCompile(`^[A-Za-z./][A-Za-z0-9._/-]*$`).MatchString(text) {
		switch strings.ToLower(text) {
		case "true", "false", "null", "yes", "no", "on", "off", "y", "n", ".nan", ".inf":
		default:
			return text
		}
	}
	return strings.ReplaceAll(strconv.Quote(text), "${", "$${")
}

const starterText = `@SCHEMA
#
# A recipe says, step by step, how recorded telemetry becomes results. Run it:
#
#   assay plan recipe.yaml    what will run, and why
#   assay run recipe.yaml     run what is not up to date
#   assay kinds               what a step may use; assay kinds split for one
#
# Change anything and run again: only what depends on the change is done again.
name: @NAME
about: Boosted trees on a split by time, realistic and oracle.

# Values for ${…} below. For one run: assay run recipe.yaml --set params.seed=8
params:
  store: @STORE@NOTE
  seed: 7

# Files that no step makes. Paths are from the folder that assay runs in.
sources:
  corpus: "${store}"

steps:
  # Is every episode what it says it is? "in:" connects the inputs of the kind, to
  # a source by its name, or to what a step makes as step.output.
  validate:
    uses: validate
    in: {episodes: corpus}

  # "with:" sets parameters of the kind; those left out have their defaults.
  features:
    uses: features
    in: {episodes: corpus, index: validate.index}
    with: {window: 10s, stride: 5s}

  # A matrix does the step once for each value: here, each way to hold episodes
  # out for the test. Add a line, and only what is new is done.
  split:
    uses: split
    matrix:
      hold:
        - {by: time, last: 20%}
        # - {by: sample}
        # - {by: host, test: [@HOST]}
    in: {index: validate.index}
    with: {hold: "${hold}", seed: "${seed}"}

  # Axes of one name belong together: each model is trained on the split of its
  # own hold. "view" is a second axis, so there are two models for each split.
  gbt:
    uses: train/gbt
    matrix: {hold: split.hold, view: [realistic, oracle]}
    in: {windows: features.windows, split: split.assignment}
    with: {view: "${view}", seed: "${seed}"}

  # "matrix: gbt" is done at exactly the points of gbt.
  eval:
    uses: eval
    matrix: gbt
    in: {predictions: gbt.predictions, split: split.assignment, windows: features.windows}

  # A step without the axes gathers all of them.
  report:
    uses: report
    in: {evals: eval.report, index: validate.index}

# Where results are put after each run: folder, then artifact.
outputs:
  out/report: report.page
`
