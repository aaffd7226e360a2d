package step

import (
	"context"
	"fmt"
	"os"
)

// A Message is what a running step reports. Exactly one of its groups of fields is set.
type Message struct {
	Done, Total int    // progress: Done of Total units of work
	Count       string // a named count to add N to, such as "accepted"
	N           int
	Status      string // one short line that says where the step stands now
	Warning     string // one line for people
	Log         string // one line for whoever looks into the step
}

// A Sink receives the messages of one execution. Several goroutines may call it at once.
type Sink interface{ Emit(Message) }

type sinkKey struct{}

// WithSink returns a context whose step reports to s.
func WithSink(ctx context.Context, s Sink) context.Context {
	return context.WithValue(ctx, sinkKey{}, s)
}

// A Reporter sends messages to a sink, or nowhere.
type Reporter struct{ sink Sink }

// Report returns the reporter of a running step. Nothing that is reported reaches an
// artifact or a key.
func Report(ctx context.Context) Reporter {
	s, _ := ctx.Value(sinkKey{}).(Sink)
	return Reporter{s}
}

// Progress reports that done of total units of work are finished.
func (r Reporter) Progress(done, total int) { r.emit(Message{Done: done, Total: total}) }

// Status reports where the step stands, in one short line such as "loss 0.53, validation
// macro F1 0.66". The newest one is shown beside the progress, as long as the execution goes
// on, and nothing keeps it. Call it when there is news, a few times a second at most.
func (r Reporter) Status(text string) { r.emit(Message{Status: text}) }

// Count adds n to a named count; counts of shards add up.
func (r Reporter) Count(name string, n int) { r.emit(Message{Count: name, N: n}) }

// Warnf reports something that a user should know although the step goes on.
func (r Reporter) Warnf(format string, args ...any) {
	r.emit(Message{Warning: fmt.Sprintf(format, args...)})
}

// Logf adds a line to the log of the execution, which is kept, and shown if the step
// fails.
func (r Reporter) Logf(format string, args ...any) {
	r.emit(Message{Log: fmt.Sprintf(format, args...)})
}

func (r Reporter) emit(e Message) {
	if r.sink != nil {
		r.sink.Emit(e)
	}
}

type coresKey struct{}

// WithCores returns a context whose step may use n cores.
func WithCores(ctx context.Context, n int) context.Context {
	return context.WithValue(ctx, coresKey{}, n)
}

// Cores returns how many cores a running step may use: those that its recipe asks for,
// or 1. The outputs must not depend on it.
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

// Place returns the folder of a running step. No other execution ever has it, and it is
// released when the step is done. It contains a folder out/PORT for each output, the
// same that the step was given; temporary files may lie beside these. It is "" if the
// context has none.
func Place(ctx context.Context) string {
	dir, _ := ctx.Value(placeKey{}).(string)
	return dir
}

type resumeKey struct{}

// WithResumeDir returns a context whose step keeps progress in the folder that open returns.
// Nobody calls open before the step asks.
func WithResumeDir(ctx context.Context, open func() (*os.Root, error)) context.Context {
	return context.WithValue(ctx, resumeKey{}, open)
}

// ResumeDir opens a folder in which a running step may keep progress, so that less is lost by
// a kill, an error or a Ctrl-C: the next execution of the same action key finds what was left
// there. The folder goes when the result of the action is recorded. It is never an artifact and
// never part of a key, so the outputs must be the same bytes with and without it.
//
// What lies there is the step's own business. A kill or a power cut may leave half a file, and
// anybody may have changed one: check it before you believe it, and start from the beginning if it is
// damaged. Write a file under another name and rename it.
//
// The folder is nil if the context has none. The step closes it.
func ResumeDir(ctx context.Context) (*os.Root, error) {
	open, ok := ctx.Value(resumeKey{}).(func() (*os.Root, error))
	if !ok {
		return nil, nil
	}
	root, err := open()
	if err != nil {
		return nil, fmt.Errorf("open the folder for progress: %w", err)
	}
	return root, nil
}

type shortKey struct{}

// WithShortPlace returns a context whose step gets a short path to its place from path.
func WithShortPlace(ctx context.Context, path func() string) context.Context {
	return context.WithValue(ctx, shortKey{}, path)
}

// ShortPlace returns a short path to the folder that [Place] returns, or that path
// itself if there is none. A Unix socket's path has at most some 100 bytes.
func ShortPlace(ctx context.Context) string {
	if path, ok := ctx.Value(shortKey{}).(func() string); ok {
		return path()
	}
	return Place(ctx)
}
