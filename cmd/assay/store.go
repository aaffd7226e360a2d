package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"assay/artifacts/disk"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
	"assay/engine/step"
)

// storeFlags say where the store is. All verbs that need one have them.
type storeFlags struct{ store, dir string }

func (f *storeFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.store, "store", defaultStore, storeHelp)
	c.Flags().StringVarP(&f.dir, "directory", "C", "", "go to this `folder` first")
}

// enter goes to the folder that was asked for, and finds the store there.
func (f *storeFlags) enter(c *cobra.Command) error {
	if err := checkStore(f.store); err != nil {
		return err
	}
	if f.dir != "" {
		if err := os.Chdir(f.dir); err != nil {
			return &usageError{fmt.Errorf("-C: %w", err)}
		}
		f.dir = "" // gone there
	}
	f.store = findStore(c, f.store)
	return nil
}

// existing opens the store, which must be there: looking after one that is not is
// a mistake in the command line.
func (f *storeFlags) existing(c *cobra.Command) (*store.Store, error) {
	if err := f.enter(c); err != nil {
		return nil, err
	}
	switch is, err := store.IsStore(f.store); {
	case err != nil:
		return nil, err
	case !is:
		return nil, &usageError{fmt.Errorf("there is no store in %s (--store says where it is, -C where to start from)",
			f.store)}
	}
	return store.Open(f.store, func(msg string) { fmt.Fprintf(c.ErrOrStderr(), "warning: %s\n", msg) })
}

// storeHelp is what the help says of --store.
const storeHelp = "`folder` where results are kept; unless given, the nearest folder above that has one may do"

// defaultStore is where results are kept unless --store says otherwise.
const defaultStore = ".assay"

// runsDir is where a store keeps the journals of runs.
func runsDir(st string) string { return filepath.Join(st, "runs") }

// findStore returns the store of a command: the one that --store names, or else
// .assay here or, as git finds its own, in the nearest folder above that has one.
// One above must be this user's: what another put there is not to be believed
// unasked.
func findStore(c *cobra.Command, dir string) string {
	if _, err := os.Lstat(defaultStore); c.Flags().Changed("store") || err == nil {
		return dir
	}
	at, err := os.Getwd()
	if err != nil {
		return dir
	}
	up := ""
	for at != filepath.Dir(at) {
		if is, err := store.IsStore(at); is || err != nil {
			return dir // from within a store, as a command that a step runs
		}
		at, up = filepath.Dir(at), filepath.Join(up, "..")
		st := filepath.Join(at, defaultStore)
		if is, err := store.IsStore(st); (is || err != nil) && disk.OwnedAt(st) {
			return filepath.Join(up, defaultStore)
		}
	}
	return dir
}

// checkStore refuses what a shell makes of a variable that is not set.
func checkStore(dir string) error {
	if dir == "" {
		return &usageError{errors.New("--store is empty; leave it out for .assay")}
	}
	return nil
}

// age is a flag that takes a duration, not below 0.
type age time.Duration

// Set implements pflag.Value.
func (a *age) Set(text string) error {
	d, err := step.ParseDuration(text)
	if err == nil && d < 0 {
		err = errors.New("want an age, such as 30d, 2w or 12h")
	}
	*a = age(d)
	return err
}

// String implements pflag.Value.
func (a *age) String() string {
	d := time.Duration(*a)
	if d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	return d.String()
}

// Type implements pflag.Value.
func (a *age) Type() string { return "age" }

// bytesFlag is a flag that takes 10GiB, 500MB or a number of bytes.
type bytesFlag step.Size

// Set implements pflag.Value.
func (b *bytesFlag) Set(text string) error {
	err := (*step.Size)(b).UnmarshalText([]byte(text))
	if err == nil && *b == 0 {
		err = errors.New("want a size above 0 (to keep nothing by its last use: --keep 0)")
	}
	return err
}

// String implements pflag.Value.
func (b *bytesFlag) String() string {
	if *b == 0 {
		return ""
	}
	return plain.Size(int64(*b))
}

// Type implements pflag.Value.
func (b *bytesFlag) Type() string { return "size" }
