package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"assay/artifacts"
	"assay/artifacts/care"
	"assay/artifacts/recipes"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
	"assay/engine/graph"
)

// gc is one call of the verb.
type gc struct {
	storeFlags
	keep    age
	maxSize bytesFlag
	yes     bool
	dryRun  bool

	store    *store.Store
	out, err io.Writer
	in       io.Reader
}

// newGC makes the verb gc.
func newGC() *cobra.Command {
	g := gc{keep: age(30 * 24 * time.Hour)}
	c := &cobra.Command{
		Use:   "gc [RECIPE…]",
		Short: "remove results that nothing needs",
		Long: `gc removes results from the store. It keeps what is named in the locks of the recipes
that ran here and of the recipes given, what is pinned, and what was used recently. With
--max-size it goes on with recently used results, until the store is small enough: first
those that take the least time to compute again for the bytes they free.

It first lists what it would remove: what each result was made for, as far as the
journals of runs know, how large it is and how long it takes to make again. It removes
nothing without --yes, or a yes typed on the terminal.`,
		RunE: func(c *cobra.Command, args []string) error {
			if g.yes && g.dryRun {
				return usagef("--yes and --dry-run contradict each other; give one of them")
			}
			return g.withStore(c, func(st *store.Store) error {
				g.store, g.out, g.err, g.in = st, c.OutOrStdout(), c.ErrOrStderr(), c.InOrStdin()
				return g.run(c, args)
			})
		},
	}
	g.register(c)
	f := c.Flags()
	f.Var(&g.keep, "keep", "keep what was used within this `age`: 30d, 2w, 12h, 0")
	f.Var(&g.maxSize, "max-size", "remove more, until the store holds at most this `size`: 10GiB, 500MB")
	f.BoolVar(&g.yes, "yes", false, "remove without asking")
	f.BoolVar(&g.dryRun, "dry-run", false, "only list what would be removed")
	return c
}

// run plans what to remove, shows it, asks, and removes it.
func (g *gc) run(c *cobra.Command, recipes []string) error {
	if !g.dryRun { // fail now, not after the question, if another process uses the store
		release, err := g.store.Exclusive()
		if err != nil {
			return err
		}
		release()
	}
	roots, err := g.roots(recipes)
	if err != nil {
		return err
	}
	plan, err := care.PlanGC(c.Context(), g.store, care.GC{
		Roots: roots, Keep: time.Duration(g.keep), MaxSize: int64(g.maxSize), Now: time.Now(),
	})
	if err != nil {
		return err
	}
	g.show(roots, plan)
	g.showStrays(plan.Strays)
	switch {
	case plan.Empty():
		return g.over(plan)
	case g.dryRun:
		fmt.Fprintln(g.out, "nothing was removed (--dry-run)")
		return nil
	case !g.yes:
		if yes, err := g.ask(); !yes || err != nil {
			return err
		}
	}
	done, err := care.Collect(c.Context(), g.store, plan)
	if err != nil {
		return err
	}
	fmt.Fprintf(g.out, "removed %s; the store holds %s\n", plain.Size(done.Freed), plain.Size(done.Left))
	return g.over(done)
}

// over returns an error if the store is still larger than --max-size.
func (g *gc) over(col *care.Collection) error {
	if col.Over == 0 {
		return nil
	}
	return fmt.Errorf("the store holds %s more than --max-size allows: locks and pins keep it; "+
		"list pins with: assay pin", plain.Size(col.Over))
}

// roots returns what locks and pins keep.
func (g *gc) roots(named []string) ([]care.Root, error) {
	known, err := recipes.Existing(g.store)
	if err != nil {
		return nil, err
	}
	var out []care.Root
	for _, r := range named {
		if known, err = g.named(known, r); err != nil {
			return nil, err
		}
	}
	for _, r := range known {
		path := graph.LockPath(r)
		lock, err := artifacts.ReadLock(path)
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(g.err, "note  %s has no lock; only its pinned and recently used results are kept\n",
				plain.Near(r))
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read a lock, so nothing is removed: %w", err)
		}
		out = append(out, care.RootOf(lock, "lock "+plain.Near(path)))
	}
	pins, err := care.Pins(g.store)
	if err != nil {
		return nil, fmt.Errorf("cannot read the pins, so nothing is removed: %w", err)
	}
	for _, p := range pins {
		out = append(out, p.Root())
	}
	return out, nil
}

// named adds a recipe from the command line, which must have a lock.
func (g *gc) named(known []string, recipe string) ([]string, error) {
	abs, err := filepath.Abs(recipe)
	if err != nil {
		return nil, err
	}
	lock := graph.LockPath(recipe)
	if _, err := os.Stat(lock); err != nil {
		return nil, usagef("%s has no lock (%s), which would say what to keep; make it with: assay run %s", recipe, lock,
			recipe)
	}
	if slices.Contains(known, abs) {
		return known, nil
	}
	return append(known, abs), nil
}

// show prints what is kept, what would be removed, and how much space that would free.
func (g *gc) show(roots []care.Root, plan *care.Collection) {
	for _, r := range roots {
		fmt.Fprintf(g.out, "keep  %s (%s)\n", r.Name, plain.Plural(len(r.Artifacts), "artifact"))
	}
	if g.keep > 0 {
		fmt.Fprintf(g.out, "keep  results used within %s\n", &g.keep)
	}
	if plan.Empty() {
		fmt.Fprintf(g.out, "nothing to remove; the store holds %s\n", plain.Size(plan.Left))
		return
	}
	var took time.Duration
	made := g.origins(plan.Lost)
	w := tabwriter.NewWriter(g.out, 0, 0, 2, ' ', 0)
	for i, l := range plan.Lost {
		if i == 0 {
			fmt.Fprintln(w, "\nKIND\tKEY\tMADE FOR\tLAST USED\tSIZE\tTO MAKE AGAIN\tWHY")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Kind, l.Key.Short(), made[l.Key], day(l.Used), plain.Size(l.Size),
			plain.Round(l.Took), l.Why)
		took += l.Took
	}
	w.Flush()
	fmt.Fprintf(g.out, "\n%s would be removed, which took %s to make", plain.Plural(len(plan.Lost), "result"),
		plain.Round(took))
	for _, rest := range []struct {
		n    int64
		text string
	}{
		{int64(plan.Orphans), fmt.Sprintf("%s that no result needs (%s)", plain.Plural(plan.Orphans, "blob"),
			plain.Size(plan.OrphanBytes))},
		{int64(plan.Memos), fmt.Sprintf("%s about sources or recipes", plain.Plural(plan.Memos, "note"))},
		{int64(plan.Progress), fmt.Sprintf("the progress that %s left (%s)", plain.Plural(plan.Progress, "action"),
			plain.Size(plan.ProgressBytes))},
		{plan.Temporary, fmt.Sprintf("%s that killed processes left", plain.Size(plan.Temporary))},
	} {
		if rest.n > 0 {
			fmt.Fprintf(g.out, "; and %s", rest.text)
		}
	}
	fmt.Fprintf(g.out, "\nthis would free %s of %s\n", plain.Size(plan.Freed), plain.Size(plan.Freed+plan.Left))
	if plan.Over > 0 {
		fmt.Fprintf(g.out, "--max-size cannot be met: locks and pins keep %s more\n", plain.Size(plan.Over))
	}
}

// maxStrays is how many files are listed that do not belong to the store.
const maxStrays = 10

// showStrays lists files that do not belong to the store. gc leaves them alone.
func (g *gc) showStrays(paths []string) {
	for i, path := range paths {
		if i == maxStrays {
			fmt.Fprintf(g.err, "note  and %d more; list all with: assay fsck\n", len(paths)-i)
			return
		}
		fmt.Fprintf(g.err, "note  %s does not belong to the store; gc leaves it alone, move it away\n",
			filepath.ToSlash(path))
	}
}

func day(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.DateOnly)
}

// ask asks on the terminal. Without one it fails: a script must say what it wants.
func (g *gc) ask() (bool, error) {
	if f, ok := g.in.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		return false, usagef("nothing was removed, since there is no terminal to ask on; give --yes to remove this, " +
			"or --dry-run to only list it")
	}
	fmt.Fprint(g.err, "remove this? [y/N] ")
	answer, _ := bufio.NewReader(g.in).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return true, nil
	}
	fmt.Fprintln(g.out, "nothing was removed")
	return false, nil
}
