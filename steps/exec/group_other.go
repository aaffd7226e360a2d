//go:build !linux

package exec

import "os/exec"

// A fence keeps a command from files that are not its inputs; there is none on
// this system.
type fence struct{}

func (*fence) stands() bool { return false }

func inGroup(*exec.Cmd) {}

func runOn(c *exec.Cmd, _ *fence, _ grant) error { return c.Run() }
