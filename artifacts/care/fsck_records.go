package care

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"assay/artifacts"
	"assay/artifacts/source"
	"assay/artifacts/store"
)

// record checks that the content of a result matches its name and that everything it
// made exists. Blobs are already hashed.
func (c *check) record(key artifacts.Digest) {
	path := c.s.ResultPath(key)
	remove := func() error { return os.Remove(path) }
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return // collected by another process since
	}
	if err != nil {
		c.found(path, fmt.Sprintf("cannot be read: %v", err), remove)
		return
	}
	r, err := artifacts.ParseRecord(key, b)
	if err != nil {
		c.found(path, err.Error(), remove)
		return
	}
	for _, o := range r.Outputs {
		if what := c.output(o); what != "" {
			c.found(path, fmt.Sprintf("is a result of %s that lacks what it made: %s", r.Action().Kind, what), remove)
			return
		}
	}
}

// output returns what is missing of an output; "" if nothing is.
func (c *check) output(o artifacts.NamedTree) string {
	if !c.whole[o.Tree] {
		return fmt.Sprintf("the file list of output %s", o.Name)
	}
	t, err := c.s.ReadTree(o.Tree)
	if err != nil {
		return err.Error()
	}
	for _, f := range t {
		if !c.whole[f.Digest] {
			return fmt.Sprintf("file %s of output %s", f.Name, o.Name)
		}
	}
	return ""
}

// small checks memos and pins.
func (c *check) small() {
	memos, _ := listFiles(c.s, "sources")
	for _, m := range memos {
		if !m.isForm("sources") {
			continue // a stray
		}
		text, err := os.ReadFile(m.path)
		if _, ok := source.ParseMemo(text); err != nil || !ok && !store.IsFiles(text) {
			c.found(m.path, "cannot be read; the source is hashed again when it is used",
				func() error { return os.Remove(m.path) })
		}
	}
	pins, _ := listFiles(c.s, "pins")
	for _, f := range pins {
		if !f.isForm("pins") {
			continue // a stray
		}
		text, err := os.ReadFile(f.path)
		if err != nil {
			c.found(f.path, err.Error(), nil)
			continue
		}
		p, err := parsePin(text)
		if err != nil {
			c.found(f.path, fmt.Sprintf("line %v", err), nil)
			continue
		}
		c.pin(f.path, p)
	}
}

// pin checks that what a pin keeps exists. What is missing can only be made again by
// whoever has the recipe as it was.
func (c *check) pin(path string, p *Pin) {
	for _, a := range p.Artifacts {
		if what := c.output(artifacts.NamedTree{Name: a.Port(), Tree: a.Digest}); what != "" {
			c.found(path, fmt.Sprintf("keeps %s of %s, which lacks %s", a.Name, p.Recipe, what), nil)
		}
	}
}
