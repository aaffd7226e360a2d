//go:build linux || darwin

package filetest

import (
	"os/exec"
	"syscall"
)

// asUser has a command run as a user and the group of the same number.
func asUser(c *exec.Cmd, id uint32) {
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}
}
