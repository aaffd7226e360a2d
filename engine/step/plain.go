package step

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// Plain returns an error's text for users. If it wraps an error of the system, the name
// of the system's function is left out: "lstat data: no such file or directory" becomes
// "data: no such file or directory".
func Plain(err error) string {
	text := err.Error()
	walkErrors(err, func(e error) {
		if plain := plainOne(e); plain != "" {
			text = strings.ReplaceAll(text, e.Error(), plain)
		}
	})
	return text
}

// walkErrors visits the errors that an error wraps, the innermost first.
func walkErrors(err error, visit func(error)) {
	switch w := err.(type) {
	case interface{ Unwrap() error }:
		if inner := w.Unwrap(); inner != nil {
			walkErrors(inner, visit)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range w.Unwrap() {
			walkErrors(inner, visit)
		}
	}
	visit(err)
}

// plainOne returns the text for an error of the system; "" for any other error.
func plainOne(err error) string {
	switch e := err.(type) {
	case *fs.PathError:
		if e.Path == "." || e.Path == "" {
			return Plain(e.Err)
		}
		return e.Path + ": " + Plain(e.Err)
	case *os.LinkError:
		return fmt.Sprintf("%s to %s: %s", e.Old, e.New, Plain(e.Err))
	case *os.SyscallError:
		return Plain(e.Err)
	case *exec.Error:
		if errors.Is(e.Err, exec.ErrNotFound) {
			return fmt.Sprintf("no program named %q was found", e.Name)
		}
		return fmt.Sprintf("%s: %s", e.Name, Plain(e.Err))
	case *strconv.NumError:
		if errors.Is(e.Err, strconv.ErrRange) {
			return fmt.Sprintf("%q is too large", e.Num)
		}
		if e.Func == "ParseBool" {
			return fmt.Sprintf("%q is neither true nor false", e.Num)
		}
		return fmt.Sprintf("%q is not a number", e.Num)
	}
	return ""
}
