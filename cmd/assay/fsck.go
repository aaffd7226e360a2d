package main

import (
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"assay/artifacts/care"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
)

// newFsck makes the verb fsck.
func newFsck() *cobra.Command {
	var o storeFlags
	repair := false
	c := &cobra.Command{
		Use:   "fsck",
		Short: "check every file of the store",
		Long: `fsck hashes every blob of the store, reads every record, and prints a line for each
problem. With --repair it removes what is damaged, so that the next run makes it again,
and resets the modes and times of what is intact. It leaves files alone that do not
belong to the store. It exits with 1 if problems remain.`,
		Args: atMost(0, "fsck checks a whole store (--store) and takes no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			return o.withStore(c, func(st *store.Store) error { return check(c, st, repair) })
		},
	}
	o.register(c)
	c.Flags().BoolVar(&repair, "repair", false, "remove what is damaged, reset modes and times of the rest")
	return c
}

// check checks a store, and repairs it if asked to.
func check(c *cobra.Command, st *store.Store, repair bool) error {
	got, err := care.Check(c.Context(), st, repair, hashing(c.ErrOrStderr()))
	if err != nil {
		return err
	}
	return showChecked(c.OutOrStdout(), got, repair)
}

// showChecked prints what a check found. It returns an error if problems remain.
func showChecked(w io.Writer, got *care.Checked, repair bool) error {
	for _, p := range got.Problems {
		state := ""
		if p.Repaired {
			state = "repaired: "
		}
		fmt.Fprintf(w, "%s%s %s\n", state, p.Path, p.What)
	}
	for _, dir := range got.Dead {
		fmt.Fprintf(w, "note: %s is left over from a process that ended; the next run removes it, or assay gc\n",
			filepath.ToSlash(dir))
	}
	left, found := got.Left(), "no problems"
	if n := len(got.Problems); n > 0 {
		found = fmt.Sprintf("%s, %d repaired", plain.Plural(n, "problem"), n-left)
	}
	fmt.Fprintf(w, "checked %s, %s (%s): %s\n", plain.Plural(got.Results, "result"), plain.Plural(got.Blobs, "blob"),
		plain.Size(got.Bytes), found)
	switch {
	case left == 0:
		return nil
	case repair:
		return fmt.Errorf("%s could not be repaired", plain.Plural(left, "problem"))
	}
	return fmt.Errorf("%s; repair with: assay fsck --repair", plain.Plural(left, "problem"))
}

// redraws is the time between two updates of the count of hashed blobs.
const redraws = 100 * time.Millisecond

// hashing returns a function that shows how many blobs are hashed; nil if w is no terminal.
func hashing(w io.Writer) func(done, total int) {
	if !onTerminal(w) {
		return nil
	}
	var last time.Time
	return func(done, total int) {
		if done == total {
			fmt.Fprint(w, "\r\x1b[K")
		} else if time.Since(last) > redraws {
			last = time.Now()
			fmt.Fprintf(w, "\rhashed %d of %d blobs", done, total)
		}
	}
}
