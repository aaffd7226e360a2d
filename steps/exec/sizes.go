package exec

import (
	"errors"
	"fmt"
	"strings"
)

// maxWord is what Linux passes to a program as one argument or variable
// (MAX_ARG_STRLEN, less the byte that ends it). A longer script goes through a
// file.
const maxWord = 128<<10 - 1

// checkSizes refuses arguments and variables that no program can be given. The
// system would say no more than "argument list too long", in the middle of a run.
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
		errs = append(errs, errors.New("script: it holds a NUL byte, which no shell can read"))
	}
	return errors.Join(errs...)
}

func checkWord(what, text string) error {
	switch {
	case len(text) > maxWord:
		return fmt.Errorf("%s is %d bytes long and a system passes at most %d; put it into a file and connect that "+
			"under \"in:\"", what, len(text), maxWord)
	case strings.Contains(text, "\x00"):
		return fmt.Errorf("%s holds a NUL byte, which no program can be given", what)
	}
	return nil
}
