//go:build linux || darwin

package filetest

import (
	"os/exec"
	"syscall"
)

// asUser makes a command run as the user and group of the same number.
func asUser(c *exec.Cmd, id uint32) {
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}
}
