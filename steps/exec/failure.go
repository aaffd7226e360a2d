package exec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A failure is a command that did not succeed, with what may explain it.
type failure struct {
	p     Params
	place *place
	heard *printed
	err   error
}

// Limits on what an error shows or searches.
const (
	maxNames = 8
	maxWords = 200
	maxSeen  = 2000
)

// inputs lists what was in the command's folder of inputs.
func (f *failure) inputs() string {
	names := f.place.inputNames(maxNames + 1)
	if len(names) == 0 {
		return ""
	}
	return "\n  its inputs: " + first(names)
}

// hints say what most likely went wrong, and the remedy.
func (f *failure) hints() string {
	var list []string
	said := strings.Contains(strings.Join(f.heard.last, "\n"), "Permission denied")
	code := f.exitCode()
	switch {
	case code == notExecutable || errors.Is(started(f.err), errNoStart):
		list = append(list, "an input that assay made has no x bit: name its interpreter, such as sh in/PORT/FILE, or "+
			"copy it, chmod +x the copy and run that")
	case said:
		list = append(list, "in the project and the folders above it, a command may only read its inputs and write to its "+
			"own folder: connect the file under \"in:\", copy an input before it is changed, or name a tool's folder "+
			"under \"allow:\"")
	case code == brokenPipe && f.p.Script != "" && f.p.Shell == "bash":
		list = append(list, "141 means that a command wrote into a pipe whose reader had ended, such as head: let the "+
			"reader read to the end (sed -n 1,5p does), or write \"shell: sh\", where only the last command of a pipe counts")
	}
	if f.killed() {
		list = append(list, "it was killed, most likely by the system, which had no memory left; say what it needs "+
			"under \"resources: {memory: …}\", so that fewer steps run at the same time")
	}
	if hint := f.elsewhere(); hint != "" {
		list = append(list, hint)
	}
	text := ""
	for _, hint := range list {
		text += "\n  " + hint
	}
	return text
}

// Exit codes of shells.
const (
	notExecutable = 126
	brokenPipe    = 128 + 13 // SIGPIPE
	killedCode    = 128 + 9  // SIGKILL
)

// exitCode returns the code that the command ended with, -1 if it has none.
func (f *failure) exitCode() int {
	if exit, ok := errors.AsType[*exec.ExitError](f.err); ok {
		return exit.ExitCode()
	}
	return -1
}

// killed reports whether SIGKILL ended the command, or one that a shell waited for.
func (f *failure) killed() bool {
	exit, ok := errors.AsType[*exec.ExitError](f.err)
	return ok && (exit.ExitCode() == killedCode || exit.Error() == "signal: killed")
}

// elsewhere says where a file is that the command names as if it had started in the
// project's folder.
func (f *failure) elsewhere() string {
	for _, word := range f.words() {
		if !filepath.IsLocal(word) || filepath.Clean(word) == "." {
			continue
		}
		word = filepath.Clean(word)
		if !f.concerns(word) {
			continue
		}
		if _, err := os.Lstat(filepath.Join(f.place.dir, word)); err == nil {
			continue
		}
		if at := f.place.inputNamed(word); at != "" {
			return fmt.Sprintf("a command starts in a folder of its own: there, %s is %s", word, at)
		}
		if st, err := os.Stat(word); err == nil { // assay runs in the project's folder
			what := "file"
			if st.IsDir() {
				what = "folder"
			}
			return fmt.Sprintf("a command starts in a folder of its own, which has no %s: make the %s of the project "+
				"a source, connect it under \"in:\" and write in/PORT/%s", word, what, asInput(word, st))
		}
	}
	return ""
}

// concerns reports whether a word of the command line may be the reason for the failure:
// the command printed it, or the program did not even start.
func (f *failure) concerns(word string) bool {
	if _, ran := errors.AsType[*exec.ExitError](f.err); f.p.Script == "" && !ran {
		return true
	}
	return strings.Contains(strings.Join(f.heard.last, "\n"), filepath.Base(word))
}

// asInput returns the name that a source, a file or folder, has below in/PORT.
func asInput(word string, st fs.FileInfo) string {
	if st.IsDir() {
		return "…"
	}
	return filepath.Base(word)
}

// words returns the words of the command line that may name a file.
func (f *failure) words() []string {
	list := f.p.Run
	if f.p.Script != "" {
		list = strings.FieldsFunc(f.p.Script, func(r rune) bool { return strings.ContainsRune(" \t\n;|&<>()\"'`=$", r) })
	}
	return list[:min(maxWords, len(list))]
}
