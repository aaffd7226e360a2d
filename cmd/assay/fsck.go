package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"assay/artifacts/care"
	"assay/cmd/assay/internal/plain"
)

func newFsck() *cobra.Command {
	var o storeFlags
	repair := false
	c := &cobra.Command{
		Use:   "fsck",
		Short: "check every file of the store",
		Long: `fsck hashes every blob of the store and reads every record, and says in a line
what is not as it should be. With --repair it removes what is damaged, so that
the next run makes it again, and puts right the modes and times of what is whole;
what is not of the store at all stays. It exits with 1 if problems are left.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return &usageError{errors.New("fsck checks a whole store (--store) and takes no arguments")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := o.existing(c)
			if err != nil {
				return err
			}
			defer s.Close()
			got, err := care.Check(c.Context(), s, repair, hashing(c.ErrOrStderr()))
			if err != nil {
				return err
			}
			return showChecked(c.OutOrStdout(), got, repair)
		},
	}
	o.register(c)
	c.Flags().BoolVar(&repair, "repair", false, "remove what is damaged, seal what is whole")
	return c
}

func showChecked(w io.Writer, got *care.Checked, repair bool) error {
	for _, p := range got.Problems {
		state := ""
		if p.Repaired {
			state = "repaired: "
		}
		fmt.Fprintf(w, "%s%s %s\n", state, p.Path, p.What)
	}
	for _, dir := range got.Dead {
		fmt.Fprintf(w, "note: %s is left by a process that is no more; the next run removes it, or assay gc\n",
			filepath.ToSlash(dir))
	}
	fmt.Fprintf(w, "checked %s, %s (%s)", plain.Plural(got.Results, "result"), plain.Plural(got.Blobs, "blob"), plain.Size(got.Bytes))
	left := got.Left()
	switch {
	case len(got.Problems) == 0:
		fmt.Fprintln(w, ": all is well")
	default:
		fmt.Fprintf(w, ": %s, %d repaired\n", plain.Plural(len(got.Problems), "problem"), len(got.Problems)-left)
	}
	switch {
	case left == 0:
		return nil
	case repair:
		return fmt.Errorf("%s could not be repaired", plain.Plural(left, "problem"))
	}
	return fmt.Errorf("%s; to put it right: assay fsck --repair", plain.Plural(left, "problem"))
}

// redraws is how often the count of hashed blobs is shown.
const redraws = 100 * time.Millisecond

// hashing shows how many blobs were hashed, on a terminal; elsewhere it is nil.
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
