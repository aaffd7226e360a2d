package step

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"sync"
	"time"
)

// StopGrace is how long a command has to end after it was told to stop, before it is
// killed: after a timeout, and when a run is interrupted.
const StopGrace = 3 * time.Second

// A Signaler is a command that runs as a process of its own, with all the processes that
// it started.
type Signaler interface {
	Signal(os.Signal) error
}

// Commands are the commands that the steps of a process currently run. A step starts one
// with [Commands.Start]. Whoever ends or pauses the process uses the other methods, so
// that no command outlives it. The zero value is ready to use.
type Commands struct {
	gate   sync.RWMutex // held for reading while a command starts, for writing by Exclusive
	mu     sync.Mutex
	live   map[Signaler]struct{}
	killed bool
	paused time.Duration
	part   bool // other commands of the process may be started elsewhere
}

// ErrStopped says that no command can start any more.
var ErrStopped = errors.New("the run was stopped")

// Start calls start and keeps the command that it returns until done is called. After
// [Commands.Kill] it starts nothing and returns [ErrStopped].
func (c *Commands) Start(start func() (Signaler, error)) (done func(), err error) {
	c.gate.RLock()
	defer c.gate.RUnlock()
	if c.killed {
		return nil, ErrStopped
	}
	s, err := start()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live == nil {
		c.live = map[Signaler]struct{}{}
	}
	c.live[s] = struct{}{}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.live, s)
	}, nil
}

// Exclusive calls f with the running commands, while none can start.
func (c *Commands) Exclusive(f func(live []Signaler)) {
	c.gate.Lock()
	defer c.gate.Unlock()
	f(c.list())
}

// Complete reports whether these are all the commands of the process.
func (c *Commands) Complete() bool { return !c.part }

// Running returns how many commands run.
func (c *Commands) Running() int { return len(c.list()) }

func (c *Commands) list() []Signaler {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Collect(maps.Keys(c.live))
}

// Kill kills all commands at once, and lets none start afterwards.
func (c *Commands) Kill() {
	c.Exclusive(func(live []Signaler) {
		c.killed = true
		for _, s := range live {
			s.Signal(os.Kill)
		}
	})
}

// Pause sends all commands the signal stop, calls pause, and sends them the signal
// resume when it returns. The time in between does not count for timeouts.
func (c *Commands) Pause(stop, resume os.Signal, pause func()) {
	c.Exclusive(func(live []Signaler) {
		for _, s := range live {
			s.Signal(stop)
		}
		began := time.Now()
		pause()
		c.paused += time.Since(began)
		for _, s := range live {
			s.Signal(resume)
		}
	})
}

// Paused returns how long the commands were paused so far. During a pause it waits for
// its end.
func (c *Commands) Paused() time.Duration {
	c.gate.RLock()
	defer c.gate.RUnlock()
	return c.paused
}

// WithLimit returns a context that ends with the given cause after the limit, not
// counting pauses.
func (c *Commands) WithLimit(ctx context.Context, limit time.Duration, cause error) (context.Context, func()) {
	limited, cancel := context.WithCancelCause(ctx)
	before := c.Paused()
	go func() {
		t := time.NewTimer(limit)
		defer t.Stop()
		for {
			select {
			case <-limited.Done():
				return
			case <-t.C:
			}
			now := c.Paused()
			if now == before {
				cancel(cause)
				return
			}
			t.Reset(now - before)
			before = now
		}
	}()
	return limited, func() { cancel(context.Canceled) }
}

type commandsKey struct{}

// WithCommands returns a context whose steps start their commands in c.
func WithCommands(ctx context.Context, c *Commands) context.Context {
	return context.WithValue(ctx, commandsKey{}, c)
}

// CommandsOf returns the commands of the process that a step belongs to, or new ones if
// the context has none.
func CommandsOf(ctx context.Context) *Commands {
	if c, ok := ctx.Value(commandsKey{}).(*Commands); ok {
		return c
	}
	return &Commands{part: true}
}
