package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/artifacts/remote"
	"assay/artifacts/store"
	"assay/cmd/assay/internal/plain"
	"assay/engine"
	"assay/engine/event"
)

const (
	remoteVar  = "ASSAY_REMOTE"
	noRemote   = "none"
	remoteHelp = "also look for results at this `address`, and send new ones there: s3://BUCKET/PREFIX, " +
		"s3+https://HOST/BUCKET/PREFIX or, to read only, https://HOST/PREFIX; without the flag, " + remoteVar + "; none for none"
)

// remoteFlags say where the remote is. Only verbs that read or fill it have them.
type remoteFlags struct {
	address string
	has     bool // the verb knows a remote
}

func (f *remoteFlags) registerRemote(c *cobra.Command) {
	f.has = true
	c.Flags().StringVar(&f.address, "remote", "", remoteHelp)
}

// open returns the remote that the flag or the environment names, as a tier of the store; nil if there is none.
func (f *remoteFlags) openRemote(st *store.Store, o remote.Options) (*remote.Remote, error) {
	at := cmp.Or(f.address, os.Getenv(remoteVar))
	if !f.has || at == "" || at == noRemote {
		return nil, nil
	}
	r, err := remote.Open(at, st, o)
	if err != nil {
		return nil, &usageError{err}
	}
	return r, nil
}

// needRemote is openRemote for verbs that are about the remote.
func (f *remoteFlags) needRemote(c *cobra.Command, st *store.Store) (*remote.Remote, error) {
	r, err := f.openRemote(st, remote.Options{Strict: true})
	if err == nil && r == nil {
		err = usagef("which remote? Name it with --remote or %s, as in: %s --remote s3://BUCKET/PREFIX", remoteVar,
			c.CommandPath())
	}
	return r, err
}

// offers tells a remote of every result that a run makes.
type offers struct{ to *remote.Remote }

// Observe implements [event.Observer].
func (o offers) Observe(ev event.Event) {
	if ev.What != event.Ran {
		return
	}
	if key, err := artifacts.ParseDigest(ev.Key); err == nil {
		o.to.Offer(key)
	}
}

// closeRemote waits until what the run made is sent, and says what went over the network.
func (s *session) closeRemote(ctx context.Context, rs *engine.Results) {
	if s.remote == nil {
		return
	}
	err := s.remote.Close(ctx)
	if err == nil && rs != nil {
		err = s.sendUnions(ctx, rs)
	}
	if err != nil && ctx.Err() == nil {
		s.store.Warn(fmt.Sprintf("the remote: %v", err))
	}
	if st := s.remote.Stats(); st.Any() {
		fmt.Fprintln(s.out, sayStats(st))
	}
}

// sendUnions sends the lists of files of nodes that have several actions, for those who have only the lock.
func (s *session) sendUnions(ctx context.Context, rs *engine.Results) error {
	var errs []error
	for _, o := range rs.Outcomes {
		if o.Actions < 2 || o.Ran == 0 {
			continue
		}
		for _, t := range o.Outputs {
			errs = append(errs, s.remote.SendTree(ctx, t.Digest()))
		}
	}
	return errors.Join(errs...)
}

// sayStats is the line about what went over the network.
func sayStats(st remote.Stats) string {
	var words []string
	if st.Found > 0 {
		words = append(words, fmt.Sprintf("found %s", plain.Plural(int(st.Found), "result")))
	}
	if st.Fetched > 0 {
		words = append(words, fmt.Sprintf("fetched %s (%s)", plain.Plural(int(st.Fetched), "object"), plain.Size(st.In)))
	}
	if st.Sent > 0 {
		words = append(words, fmt.Sprintf("sent %s (%s)", plain.Plural(int(st.Sent), "object"), plain.Size(st.Out)))
	}
	if st.Unsent > 0 {
		words = append(words, fmt.Sprintf("could not send %s: send what is missing with assay push",
			plain.Plural(int(st.Unsent), "result")))
	}
	return "remote: " + strings.Join(words, ", ")
}

// fetch brings the files of trees, for verbs that read them. Without a remote they are in the store.
func (s *session) fetch(ctx context.Context, trees ...artifacts.Tree) error {
	if s.remote == nil {
		return nil
	}
	if err := s.remote.Bring(ctx, trees...); err != nil {
		return fmt.Errorf("what is needed is neither in the store nor can it be had from the remote: %w; make it with: "+
			"assay run %s", err, s.file)
	}
	return s.remote.Settle()
}

// moving returns a function that shows how many objects were copied, on a terminal.
func moving(w io.Writer, word string) remote.Progress {
	if !onTerminal(w) {
		return func(int, int) {}
	}
	var last time.Time
	return func(done, total int) {
		switch {
		case done >= total:
			fmt.Fprint(w, "\r\x1b[K")
		case time.Since(last) > redraws:
			last = time.Now()
			fmt.Fprintf(w, "\r%s %d of %d", word, done, total)
		}
	}
}
