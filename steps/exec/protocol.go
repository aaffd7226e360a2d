package exec

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"assay/engine/step"
)

// printed receives what a command prints, line by line. Lines go to the log, except
// these:
//
//	::progress 3/10         it is so far
//	::count accepted 12     add to a count that is shown when the step is done
//	::warning text          something a person should know
type printed struct {
	to step.Reporter

	mu   sync.Mutex
	line []byte
	last []string // the newest lines, for an error
	cut  bool     // the rest of a line that was too long is dropped
}

// Limits on how much of a command's output is kept.
const (
	maxLine = 8 << 10
	maxTail = 20 // lines
)

// Write implements io.Writer.
func (o *printed) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(b)
	for {
		before, after, ended := bytes.Cut(b, []byte("\n"))
		o.add(before)
		if !ended {
			return n, nil
		}
		o.end()
		b = after
	}
}

func (o *printed) add(b []byte) {
	if room := maxLine - len(o.line); len(b) > room {
		b, o.cut = b[:room], true
	}
	o.line = append(o.line, b...)
}

// end handles a whole line.
func (o *printed) end() {
	text := strings.TrimRight(string(o.line), "\r")
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "�")
	}
	if o.cut {
		text += " …"
	}
	o.line, o.cut = o.line[:0], false
	if text == "" || o.directive(text) {
		return
	}
	o.last = append(o.last, text)
	if len(o.last) > maxTail {
		o.last = o.last[1:]
	}
	o.to.Logf("%s", text)
}

// directive acts on a line that is addressed to assay. A malformed one is an ordinary
// line.
func (o *printed) directive(text string) bool {
	word, rest, _ := strings.Cut(text, " ")
	switch word {
	case "::progress":
		a, b, ok := strings.Cut(rest, "/")
		done, err1 := strconv.Atoi(strings.TrimSpace(a))
		total, err2 := strconv.Atoi(strings.TrimSpace(b))
		if !ok || err1 != nil || err2 != nil || done < 0 || total < 1 {
			return false
		}
		o.to.Progress(done, total)
	case "::count":
		name, number, ok := strings.Cut(rest, " ")
		n, err := strconv.Atoi(number)
		if !ok || err != nil || name == "" {
			return false
		}
		o.to.Count(name, n)
	case "::warning":
		o.to.Warnf("%s", rest)
	default:
		return false
	}
	return true
}

// flush handles a last line without a line end.
func (o *printed) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.line) > 0 {
		o.end()
	}
}

// tail returns the newest lines, indented, to append to an error.
func (o *printed) tail() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.last) == 0 {
		return " (it printed nothing)"
	}
	return fmt.Sprintf("; the end of what it printed:\n    %s", strings.Join(o.last, "\n    "))
}
