package exec

import (
	"errors"
	"fmt"
	"strings"
)

// maxWord is the longest argument or variable that Linux passes to a program
// (MAX_ARG_STRLEN, less the byte that ends it). A longer script goes through a file.
const maxWord = 128<<10 - 1

// checkSizes refuses arguments and variables that are too long for any program. The
// system would only say "argument list too long", in the middle of a run.
func (p *Params) checkSizes() error {
	var errs []error
	for i, arg := range p.Run {
		errs = append(errs, checkWord(fmt.Sprintf("run: argument %d", i), arg))
	}
	for _, e := range p.Env {
		name, _, _ := strings.Cut(e, "=")
		errs = append(errs, checkWord(fmt.Sprintf("env: %.40s", name), e))
	}
	if strings.Contains(p.Script, "\x00") {
		errs = append(errs, errors.New("script: it contains a NUL byte, which no shell can read"))
	}
	return errors.Join(errs...)
}

func checkWord(what, text string) error {
	switch {
	case len(text) > maxWord:
		return fmt.Errorf("%s is %d bytes long, and the system allows at most %d; put it into a file and connect that "+
			"under \"in:\"", what, len(text), maxWord)
	case strings.Contains(text, "\x00"):
		return fmt.Errorf("%s contains a NUL byte, which cannot be passed to a program", what)
	}
	return nil
}
