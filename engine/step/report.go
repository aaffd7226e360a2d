package step

import (
	"context"
	"fmt"
)

// An Event is what a running step says about itself. Exactly one of its parts
// is set.
type Event struct {
	Done, Total int    // progress: Done of Total units of work
	Count       string // a named count to add N to, as "accepted"
	N           int
	Warning     string // one line for people
	Log         string // one line for who looks into what the step did
}

// A Sink hears the events of one execution. It may be called from several
// goroutines at once.
type Sink interface{ Emit(Event) }

type sinkKey struct{}

// WithSink returns a context whose step reports to s.
func WithSink(ctx context.Context, s Sink) context.Context {
	return context.WithValue(ctx, sinkKey{}, s)
}

// A Reporter sends events to whoever listens, or to nobody.
type Reporter struct{ sink Sink }

// Report returns the reporter of a running step. Nothing that is reported
// reaches an artifact or a key.
func Report(ctx context.Context) Reporter {
	s, _ := ctx.Value(sinkKey{}).(Sink)
	return Reporter{s}
}

// Progress says that done of total units of work are finished.
func (r Reporter) Progress(done, total int) { r.emit(Event{Done: done, Total: total}) }

// Count adds n to a named count; counts of shards add up.
func (r Reporter) Count(name string, n int) { r.emit(Event{Count: name, N: n}) }

// Warnf says something that a person should know though the step goes on.
func (r Reporter) Warnf(format string, args ...any) {
	r.emit(Event{Warning: fmt.Sprintf(format, args...)})
}

// Logf says something for the log of the execution, which is kept and shown if
// the step fails.
func (r Reporter) Logf(format string, args ...any) {
	r.emit(Event{Log: fmt.Sprintf(format, args...)})
}

func (r Reporter) emit(e Event) {
	if r.sink != nil {
		r.sink.Emit(e)
	}
}

type coresKey struct{}

// WithCores returns a context whose step may use n cores.
func WithCores(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, coresKey{}, n)
}

// Cores returns how many cores a running step may use: what its recipe asked
// for, 1 if it did not. What it makes must not depend on it.
func Cores(ctx context.Context) int {
	if n, ok := ctx.Value(coresKey{}).(int); ok && n > 0 {
		return n
	}
	return 1
}

type placeKey struct{}

// WithPlace returns a context whose step has the folder dir to itself.
func WithPlace(ctx context.Context, dir string) context.Context {
	return context.WithValue(ctx, placeKey{}, dir)
}

// Place returns the folder of a running step, which nobody else ever has and which
// is given back when it is done. It has a folder out/PORT for each output, the
// same that the step was given; what is temporary may lie beside these. It is "" where nobody gave the step one.
func Place(ctx context.Context) string {
	dir, _ := ctx.Value(placeKey{}).(string)
	return dir
}

type shortKey struct{}

// WithShortPlace returns a context whose step gets a short path to its place from
// path.
func WithShortPlace(ctx context.Context, path func() string) context.Context {
	return context.WithValue(ctx, shortKey{}, path)
}

// ShortPlace returns a short path to the folder that [Place] returns, or that one
// where there is none: a Unix socket's path has at most some 100 bytes.
func ShortPlace(ctx context.Context) string {
	if path, ok := ctx.Value(shortKey{}).(func() string); ok {
		return path()
	}
	return Place(ctx)
}
