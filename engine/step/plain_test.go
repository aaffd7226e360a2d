package step

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
)

func TestPlain(t *testing.T) {
	lstat := &fs.PathError{Op: "lstat", Path: "data", Err: syscall.ENOENT}
	_, number := strconv.ParseInt("x", 10, 64)
	_, large := strconv.ParseInt("99999999999999999999", 10, 64)
	for _, test := range []struct {
		err  error
		want string
	}{
		{errors.New("a: lstat b"), "a: lstat b"},
		{lstat, "data: no such file or directory"},
		{fmt.Errorf("source s: %w (see x)", lstat), "source s: data: no such file or directory (see x)"},
		{errors.Join(lstat, fmt.Errorf("b: %w", lstat)), "data: no such file or directory\nb: data: no such file or directory"},
		{&fs.PathError{Op: "openat", Path: ".", Err: syscall.EACCES}, "permission denied"},
		{&fs.PathError{Op: "fork/exec", Path: "/bin/x", Err: syscall.ENOEXEC}, "/bin/x: exec format error"},
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EXDEV}, "a to b: invalid cross-device link"},
		{fmt.Errorf("x: %w", &exec.Error{Name: "tool", Err: exec.ErrNotFound}), `x: no program named "tool" was found`},
		{os.NewSyscallError("getcwd", syscall.ENOENT), "no such file or directory"},
		{fmt.Errorf("-j: %w", number), `-j: "x" is not a number`},
		{large, `"99999999999999999999" is too large`},
	} {
		if got := Plain(test.err); got != test.want {
			t.Errorf("%v: %s, want %s", test.err, got, test.want)
		}
	}
}
