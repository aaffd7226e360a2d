package main

import (
	"cmp"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/doctor"
	"assay/cmd/assay/internal/plain"
)

// newDoctor makes the verb doctor.
func newDoctor() *cobra.Command {
	var st storeFlags
	var r remoteFlags
	asJSON := false
	c := &cobra.Command{
		Use:   "doctor",
		Short: "look whether what assay needs works here",
		Long: `doctor tries what assay needs of this machine and says what to mend: the store and its
file system, locks, free disk, clocks and memory; and what is optional: instructions for
fast training, Landlock, Slurm, and the remote that --remote or ASSAY_REMOTE names. Of a
remote it reads, and with credentials writes and removes an object below probe/.

It exits with 1 if something is broken that is needed.`,
		Args: atMost(0, "doctor takes no arguments; name a store with --store, a remote with --remote"),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := st.enter(c); err != nil {
				return err
			}
			at := cmp.Or(r.address, os.Getenv(remoteVar))
			if at == noRemote {
				at = ""
			}
			return examine(c, doctor.Patient{Store: st.store, Remote: at}, asJSON)
		},
	}
	st.register(c)
	r.registerRemote(c)
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// examine looks, and writes what was found.
func examine(c *cobra.Command, p doctor.Patient, asJSON bool) error {
	lines := doctor.Look(c.Context(), p)
	var err error
	if asJSON {
		err = plain.WriteJSON(c.OutOrStdout(), lines)
	} else {
		err = doctor.Table(c.OutOrStdout(), lines)
	}
	if err != nil {
		return err
	}
	if n := doctor.CountBroken(lines); n > 0 {
		return fmt.Errorf("%s to mend", plain.Plural(n, "thing"))
	}
	return nil
}
