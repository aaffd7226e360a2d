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

// A lifetime ends assay when it must stop: after Ctrl-C, SIGTERM, the loss of the terminal,
// or when nobody reads standard error any more. The steps then have step.StopGrace to end;
// after a second signal assay does not wait for them. In both cases no command that a step
// started outlives assay.
type lifetime struct {
	signals  chan os.Signal
	commands step.Commands
	cancel   context.CancelCauseFunc

	mu    sync.Mutex
	leave func() error // reports that the run is abandoned, and returns the error to show; may be nil
}

const (
	// patience is how long Main waits for a run to stop: the time that commands have, and
	// a second for the run itself.
	patience = step.StopGrace + time.Second
	// grace is how long it waits if no command runs. Steps write only to folders of their
	// own, so abandoning them loses nothing but their work.
	grace = 700 * time.Millisecond
	// twice is the time in which two signals count as one: "timeout" and some shells send
	// a signal both to the process and to its group.
	twice = 100 * time.Millisecond
)

// newLifetime starts to listen for signals. If SIGHUP was ignored before, as after nohup, it
// stays ignored.
func newLifetime() (context.Context, *lifetime) {
	l := &lifetime{signals: make(chan os.Signal, 8)}
	ctx, cancel := context.WithCancelCause(context.Background())
	l.cancel = cancel
	signal.Notify(l.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(l.signals, syscall.SIGHUP)
	}
	// With a handler for SIGPIPE, a write to a closed pipe returns an error. Without one it
	// would end the process.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	ctx = context.WithValue(ctx, lifetimeKey{}, l)
	return step.WithCommands(ctx, &l.commands), l
}

type lifetimeKey struct{}

// lifetimeOf returns the lifetime in a context, or one that never ends if there is none.
func lifetimeOf(ctx context.Context) *lifetime {
	if l, ok := ctx.Value(lifetimeKey{}).(*lifetime); ok {
		return l
	}
	return &lifetime{}
}

// onLeave makes assay call f if it exits before the run has ended. The returned function
// undoes that.
func (l *lifetime) onLeave(f func() error) (forget func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.leave = f
	return func() { l.onLeave(nil) }
}

// wait waits for the verb and returns its error. If assay must stop and the verb does not end
// in time, wait abandons it.
func (l *lifetime) wait(ctx context.Context, done <-chan error) error {
	var first os.Signal
	select {
	case err := <-done:
		return err
	case first = <-l.signals:
		l.cancel(&stopped{first.String()})
	case <-ctx.Done(): // nobody reads standard error
	}
	if first != syscall.SIGQUIT {
		if err, ended := l.waitOn(done); ended {
			return err
		}
	}
	signal.Stop(l.signals) // the next signal ends the process at once
	l.commands.Kill()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.leave != nil {
		return l.leave()
	}
	return context.Cause(ctx)
}

// waitOn waits until the verb has stopped, or its time is over, or a second signal comes.
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

// stopped says why assay stopped a run.
type stopped struct{ by string }

// Error implements error.
func (s *stopped) Error() string { return "stopped: " + s.by }

// errWriter is standard error, for several goroutines: displays and warnings. If nobody reads it
// any more, nobody waits for the run either, so it stops the run.
type errWriter struct {
	mu   sync.Mutex
	w    io.Writer
	gone func(error)
}

// Write implements io.Writer.
func (e *errWriter) Write(b []byte) (int, error) {
	e.mu.Lock()
	n, err := e.w.Write(b)
	e.mu.Unlock()
	if isClosedPipe(err) {
		e.gone(&stopped{"nobody reads standard error, the pipe is closed"})
	}
	return n, err
}

// fileOf returns the file behind a writer; nil if there is none.
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

// sayInterrupted tells the user what an interruption means.
func sayInterrupted(w io.Writer) {
	fmt.Fprintln(w, "\nassay: interrupted; finished work is kept, run again to continue")
}
