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
	c.Flags().StringVarP(&f.dir, "directory", "C", "", "change to this `folder` first")
}

// enter changes to the folder that -C names, and finds the store from there.
func (f *storeFlags) enter(c *cobra.Command) error {
	if f.store == "" { // a shell's variable that is not set
		return usagef("--store is empty; leave it out for .assay")
	}
	if f.dir != "" {
		if err := os.Chdir(f.dir); err != nil {
			return usagef("-C: %w", err)
		}
		f.dir = "" // done
	}
	f.store = findStore(c, f.store)
	return nil
}

// withStore opens a store that exists, and calls do. Unlike a run it makes no new one.
func (f *storeFlags) withStore(c *cobra.Command, do func(*store.Store) error) error {
	if err := f.enter(c); err != nil {
		return err
	}
	switch is, err := store.IsStore(f.store); {
	case err != nil:
		return err
	case !is:
		return usagef("there is no store in %s; name it with --store, or the folder to start from with -C", f.store)
	}
	st, err := store.Open(f.store, func(msg string) { fmt.Fprintf(c.ErrOrStderr(), "warning: %s\n", msg) })
	if err != nil {
		return err
	}
	defer st.Close()
	return do(st)
}

// storeHelp is the help text of --store.
const storeHelp = "`folder` of the results; without the flag, .assay here or in the nearest folder above"

// defaultStore is where results are kept unless --store says otherwise.
const defaultStore = ".assay"

// runsDir returns the folder in which a store keeps the journals of runs.
func runsDir(st string) string { return filepath.Join(st, "runs") }

// findStore returns the store of a command: the one that --store names, or else .assay here
// or in the nearest folder above that has one, as git finds its own. One above must belong
// to this user; assay trusts another user's store only if --store names it.
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
			return dir // inside a store, where the command of a step runs
		}
		at, up = filepath.Dir(at), filepath.Join(up, "..")
		st := filepath.Join(at, defaultStore)
		if is, err := store.IsStore(st); (is || err != nil) && disk.OwnedAt(st) {
			return filepath.Join(up, defaultStore)
		}
	}
	return dir
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
