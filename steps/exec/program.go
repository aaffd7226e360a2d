package exec

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// A program is what to start: its name for messages, and its path.
type program struct {
	name string
	path string
	args []string // without the name
}

// scriptFile holds a script that is too long to be an argument.
const scriptFile = ".assay-script"

// program returns what to start. env is its environment.
func (p *Params) program(pl *place, env []string) (program, error) {
	if p.Script == "" {
		path, err := lookUp(p.Run[0], pl.dir, valueOf(env, "PATH"))
		return program{p.Run[0], path, p.Run[1:]}, err
	}
	text := p.Script
	if len(text) > maxWord { // sourced, so that $0 and the arguments are as they are otherwise
		if err := os.WriteFile(filepath.Join(pl.dir, scriptFile), []byte(text), 0o600); err != nil {
			return program{}, fmt.Errorf("script: %w", err)
		}
		text = ". ./" + scriptFile
	}
	if p.Shell == "sh" {
		return program{"sh", "/bin/sh", []string{"-eu", "-c", text}}, nil
	}
	path, err := findBash(pl.dir, valueOf(env, "PATH"))
	return program{"bash", path, []string{"-euo", "pipefail", "-c", text}}, err
}

// findBash returns the path of bash: the usual one, so that a PATH set by the recipe
// need not contain it, else that in the PATH.
func findBash(dir, path string) (string, error) {
	const usual = "/bin/bash"
	if isProgram(usual) == nil {
		return usual, nil
	}
	found, err := lookUp("bash", dir, path)
	if err != nil {
		return "", errors.New("script: there is no bash on this machine; install it, or write \"shell: sh\" beside " +
			"the script if POSIX sh is enough for it; there, a pipe fails only if its last command does")
	}
	return found, nil
}

// lookUp returns the path of the program that a command in dir names: a path from there,
// or a name in one of the folders of path, which are relative to dir too.
func lookUp(name, dir, path string) (string, error) {
	if strings.ContainsRune(name, filepath.Separator) {
		at := from(dir, name)
		if st, err := os.Stat(at); err == nil && st.IsDir() {
			return "", fmt.Errorf("%s is a folder; name a program in it", name)
		}
		return name, nil // the command starts in dir
	}
	if runtime.GOOS == "windows" { // where endings of names make programs
		return exec.LookPath(name)
	}
	var refused error
	for _, folder := range filepath.SplitList(path) {
		at := filepath.Join(from(dir, folder), name)
		err := isProgram(at)
		if err == nil {
			return at, nil
		}
		if errors.Is(err, errNoX) {
			refused = fmt.Errorf("%s lies in %s and %w", name, filepath.Dir(at), err)
		}
	}
	if refused != nil {
		return "", refused
	}
	return "", fmt.Errorf("there is no program %s in the PATH, %s; install it, name it by its path, or set PATH "+
		"under \"env:\"", name, path)
}

// from returns a path that is relative to dir.
func from(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

var errNoX = errors.New("is not executable (no x bit)")

// isProgram returns an error for a file that cannot be run.
func isProgram(path string) error {
	st, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case !st.Mode().IsRegular():
		return fmt.Errorf("%s is not a file", path)
	case st.Mode()&0o111 == 0:
		return errNoX
	}
	return nil
}

// valueOf returns the value of a variable in an environment; the last entry counts.
func valueOf(env []string, name string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(env[i], name+"="); ok {
			return v
		}
	}
	return ""
}
