package care

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"assay/artifacts"
	"assay/artifacts/store"
)

// A Pin keeps what a node of a recipe had made when it was pinned, under a name,
// whatever happens to the recipe:
//
//	assay pin 1
//	recipe "recipes/quick.yaml"
//	<digest> artifact gbt[view=oracle].model train/gbt@1 <key>
//	<digest> action
type Pin struct {
	Name      string
	Recipe    string // as it was named
	Artifacts []artifacts.LockedArtifact
	Actions   []artifacts.Digest // keys of results that are kept whole; none if only some outputs are pinned
	Since     time.Time          // when it was made; not part of the text
}

const pinHead = "assay pin 1"

// pinName matches the names of pins: file names that are valid on any system.
var pinName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// Root returns what the pin keeps.
func (p *Pin) Root() Root {
	r := Root{Name: "pin " + p.Name, Actions: p.Actions}
	for _, a := range p.Artifacts {
		a.Key = artifacts.Digest{} // an action's other outputs are not pinned
		r.Artifacts = append(r.Artifacts, a)
	}
	return r
}

// Text returns the pin as it is written.
func (p *Pin) Text() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nrecipe %s\n", pinHead, strconv.Quote(p.Recipe))
	for _, a := range p.Artifacts {
		fmt.Fprintf(&b, "%s artifact %s %s %s\n", a.Digest, a.Name, a.Kind, a.Key)
	}
	for _, key := range p.Actions {
		fmt.Fprintf(&b, "%s action\n", key)
	}
	return b.Bytes()
}

// parsePin reads a pin's text. Errors begin with a line number.
func parsePin(text []byte) (*Pin, error) {
	p := &Pin{}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		if err := p.parseLine(n, strings.TrimRight(line, "\r\n")); err != nil {
			return nil, fmt.Errorf("%d: %w", n, err)
		}
	}
	if n == 0 {
		return nil, errors.New("1: the pin is empty")
	}
	return p, nil
}

// parseLine reads line n of a pin, counted from 1.
func (p *Pin) parseLine(n int, line string) (err error) {
	if n == 1 {
		if line != pinHead {
			return fmt.Errorf("not a pin (its first line is not %q)", pinHead)
		}
		return nil
	}
	if quoted, ok := strings.CutPrefix(line, "recipe "); ok {
		p.Recipe, err = strconv.Unquote(quoted)
		return err
	}
	var l artifacts.Lock
	if sum, ok := strings.CutSuffix(line, " action"); ok {
		key, err := artifacts.ParseDigest(sum)
		p.Actions = append(p.Actions, key)
		return err
	}
	if err := l.ParseLine(line); err != nil {
		return err
	}
	if len(l.Sources) > 0 {
		return errors.New("a pin has no sources")
	}
	p.Artifacts = append(p.Artifacts, l.Artifacts...)
	return nil
}

// pinPath returns where a pin lies.
func pinPath(s *store.Store, name string) (string, error) {
	if !pinName.MatchString(name) {
		return "", fmt.Errorf("a pin cannot be named %.120q (letters, digits, '.', '_' and '-')", name)
	}
	return filepath.Join(s.Dir(), "pins", name), nil
}

// PutPin saves a pin. It reports whether it is new. If another pin has its name, that is
// an error.
func PutPin(s *store.Store, p *Pin) (bool, error) {
	path, err := pinPath(s, p.Name)
	if err != nil {
		return false, err
	}
	old, err := os.ReadFile(path)
	switch {
	case err == nil && bytes.Equal(old, p.Text()):
		return false, nil
	case err == nil:
		return false, fmt.Errorf("pin %s exists and keeps something else; choose another name, or remove it first "+
			"with: assay pin --remove %s", p.Name, p.Name)
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	return true, s.WriteFlushed(path, p.Text())
}

// RemovePin removes a pin. The next collection may remove what it kept. If there is no
// such pin, the error wraps fs.ErrNotExist.
func RemovePin(s *store.Store, name string) error {
	path, err := pinPath(s, name)
	if err != nil {
		return err
	}
	return os.Remove(path)
}

// Pins returns all pins, by name. A pin that cannot be read is an error, since it is
// unknown what it keeps.
func Pins(s *store.Store) ([]*Pin, error) {
	files, err := listFiles(s, "pins")
	var out []*Pin
	for _, f := range files {
		if !pinName.MatchString(filepath.Base(f.path)) {
			continue // not the store's
		}
		text, err := os.ReadFile(f.path)
		if err != nil {
			return nil, err
		}
		p, err := parsePin(text)
		if err != nil {
			return nil, fmt.Errorf("%s:%w; correct or remove the file", f.path, err)
		}
		p.Name, p.Since = filepath.Base(f.path), f.used
		out = append(out, p)
	}
	return out, err
}
