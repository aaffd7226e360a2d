package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"assay/engine/step"
)

// A lifetime ends a command line that is told to stop: by Ctrl-C, SIGTERM, a
// terminal that went away, or the closed pipe behind standard error. The steps
// then have step.StopGrace; whoever is told twice does not wait for them. Either
// way no command that a step started outlives assay.
type lifetime struct {
	signals  chan os.Signal
	commands step.Commands
	cancel   context.CancelCauseFunc

	mu    sync.Mutex
	leave func() error // says that the run under way is given up, and returns the error left to show; may be nil
}

const (
	// patience is how long Main waits for a run that is told to stop: as long as
	// commands have, and a moment for the run's own end.
	patience = step.StopGrace + time.Second
	// grace is how long it waits if no command runs. Steps write only to folders
	// of their own, so leaving them behind costs nothing but their work.
	grace = 700 * time.Millisecond
	// twice is how soon a second signal may be the same one: "timeout" and some
	// shells send theirs to the process and to its group.
	twice = 100 * time.Millisecond
)

// newLifetime begins to listen to signals. SIGHUP is ignored if it was already,
// which is all that nohup does.
func newLifetime() (context.Context, *lifetime) {
	l := &lifetime{signals: make(chan os.Signal, 8)}
	ctx, cancel := context.WithCancelCause(context.Background())
	l.cancel = cancel
	signal.Notify(l.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(l.signals, syscall.SIGHUP)
	}
	// Nobody reads it: a write to a closed pipe then is an error and not the end.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx = context.WithValue(ctx, lifetimeKey{}, l)
	return step.WithCommands(ctx, &l.commands), l
}

type lifetimeKey struct{}

// lifetimeOf returns the lifetime of a command line; one that nothing ends where
// there is none.
func lifetimeOf(ctx context.Context) *lifetime {
	if l, ok := ctx.Value(lifetimeKey{}).(*lifetime); ok {
		return l
	}
	return &lifetime{}
}

// onLeave has f called if assay leaves before the run is at its end. It returns
// what takes that back.
func (l *lifetime) onLeave(f func() error) (forget func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.leave = f
	return func() { l.onLeave(nil) }
}

// wait returns the error of what runs, or, if it is told to stop and does not in
// time, leaves it behind.
func (l *lifetime) wait(ctx context.Context, done <-chan error) error {
	var first os.Signal
	select {
	case err := <-done:
		return err
	case first = <-l.signals:
		l.cancel(&stopped{first.String()})
	case <-ctx.Done(): // nobody reads what it prints
	}
	if first != syscall.SIGQUIT {
		if err, ended := l.waitOn(done); ended {
			return err
		}
	}
	signal.Stop(l.signals) // one more ends the process at once
	l.commands.Kill()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.leave != nil {
		return l.leave()
	}
	return context.Cause(ctx)
}

// waitOn waits for the end of what was told to stop, as long as it may take.
func (l *lifetime) waitOn(done <-chan error) (err error, ended bool) {
	told, soon, over := time.Now(), time.After(grace), time.After(patience)
	for {
		select {
		case err := <-done:
			return err, true
		case <-l.signals:
			if time.Since(told) > twice {
				return nil, false
			}
		case <-soon:
			if l.commands.Running() == 0 {
				return nil, false
			}
		case <-over:
			return nil, false
		}
	}
}

// stopped says why a run was given up.
type stopped struct{ by string }

func (s *stopped) Error() string { return "stopped: " + s.by }

// errWriter is standard error. If nobody reads it any more, what runs is told to
// stop: there is nobody left who waits for it.
type errWriter struct {
	w    io.Writer
	gone func(error)
}

// Write implements io.Writer.
func (e *errWriter) Write(b []byte) (int, error) {
	n, err := e.w.Write(b)
	if isClosedPipe(err) {
		e.gone(&stopped{"nobody reads standard error, the pipe is closed"})
	}
	return n, err
}

// fileOf returns the file that a writer stands for, nil if it is none.
func fileOf(w io.Writer) *os.File {
	switch o := w.(type) {
	case *outWriter:
		w = o.w
	case *errWriter:
		w = o.w
	}
	f, _ := w.(*os.File)
	return f
}

// sayInterrupted is for people.
func sayInterrupted(w io.Writer) {
	fmt.Fprintln(w, "\nassay: interrupted; finished work is kept, run again to continue")
}
