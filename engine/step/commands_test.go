package step

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// heard is a command that remembers the signals it got.
type heard struct {
	mu   sync.Mutex
	list []os.Signal
}

func (h *heard) Signal(s os.Signal) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, s)
	return nil
}

func startHeard(t *testing.T, c *Commands) (*heard, func()) {
	t.Helper()
	h := &heard{}
	done, err := c.Start(func() (Signaler, error) { return h, nil })
	if err != nil {
		t.Fatal(err)
	}
	return h, done
}

func TestCommandsGetSignalsWhileTheyLive(t *testing.T) {
	c := CommandsOf(context.Background())
	ended, done := startHeard(t, c)
	lives, _ := startHeard(t, c)
	done()
	c.Pause(syscall.SIGTERM, syscall.SIGINT, func() {
		if want := []os.Signal{syscall.SIGTERM}; !slices.Equal(lives.list, want) {
			t.Errorf("during the pause: %v", lives.list)
		}
	})
	c.Kill()
	if want := []os.Signal{syscall.SIGTERM, syscall.SIGINT, os.Kill}; !slices.Equal(lives.list, want) || len(ended.list) > 0 {
		t.Errorf("%v, and one that had ended got %v", lives.list, ended.list)
	}
	_, err := c.Start(func() (Signaler, error) { t.Error("started after Kill"); return nil, nil })
	if !errors.Is(err, ErrStopped) {
		t.Error(err)
	}
}

func TestCommandThatCannotStartIsNotKept(t *testing.T) {
	c := &Commands{}
	no := errors.New("no")
	if _, err := c.Start(func() (Signaler, error) { return nil, no }); !errors.Is(err, no) {
		t.Error(err)
	}
	c.Exclusive(func(live []Signaler) {
		if len(live) > 0 {
			t.Error(live)
		}
	})
}

// TestPauseCountsForNoLimit has a pause of 20 s and a limit of 30 s, in a synctest bubble with a
// clock of its own.
func TestPauseCountsForNoLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, began, late := &Commands{}, time.Now(), errors.New("late")
		ctx, cancel := c.WithLimit(t.Context(), 30*time.Second, late)
		defer cancel()
		c.Pause(syscall.SIGTERM, syscall.SIGINT, func() { time.Sleep(20 * time.Second) })
		<-ctx.Done()
		if took := time.Since(began); took != 50*time.Second || !errors.Is(context.Cause(ctx), late) {
			t.Errorf("ended after %s: %v", took, context.Cause(ctx))
		}
	})
}
