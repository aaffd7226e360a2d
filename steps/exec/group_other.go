//go:build !linux

package exec

import (
	"context"
	"os"
	"os/exec"

	"assay/engine/step"
)

// A fence would keep a command from files that are not its inputs. This system has none.
type fence struct{}

func (*fence) stands() bool { return false }

// runOn runs the command. Processes that the command started may outlive it on this
// system.
func runOn(ctx context.Context, c *exec.Cmd, _ *fence, _ grant) error {
	c.WaitDelay = step.StopGrace
	c.Cancel = func() error {
		if c.Process.Signal(os.Interrupt) != nil {
			return c.Process.Kill() // Windows has no signals
		}
		return nil
	}
	done, err := step.CommandsOf(ctx).Start(func() (step.Signaler, error) { return c.Process, c.Start() })
	if err != nil {
		return err
	}
	defer done()
	return c.Wait()
}
