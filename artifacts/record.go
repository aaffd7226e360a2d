package artifacts

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A record is the text that the store keeps of a result:
//
//	assay result 1
//	output model <digest of its tree>
//	took 1.5s
//	note "count accepted 16"
//
//	assay action 1
//	…the action's text, which the record's name is the SHA-256 of
type record struct {
	text    []byte // the action's
	outputs []recordedOutput
	took    time.Duration
	notes   []string
}

type recordedOutput struct {
	port string
	tree Digest
}

const resultHead = "assay result 1"

// format returns the record as it is written.
func (r *record) format() []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, resultHead)
	for _, o := range r.outputs {
		fmt.Fprintf(&b, "output %s %s\n", o.port, o.tree)
	}
	fmt.Fprintf(&b, "took %s\n", r.took)
	for _, n := range r.notes {
		fmt.Fprintf(&b, "note %s\n", strconv.Quote(n))
	}
	b.WriteByte('\n')
	b.Write(r.text)
	return b.Bytes()
}

// parseRecord reads the record of the action named key. It looks for nothing
// in the store.
func parseRecord(key Digest, b []byte) (*record, error) {
	head, text, ok := bytes.Cut(b, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || lines[0] != resultHead || Of(text) != key {
		return nil, fmt.Errorf("the record of action %s is damaged", key.Short())
	}
	r := &record{text: text}
	for _, line := range lines[1:] {
		if err := r.parseLine(line); err != nil {
			return nil, fmt.Errorf("the record of action %s is damaged: %w", key.Short(), err)
		}
	}
	return r, nil
}

// parseLine reads one line. Words that it does not know are of a later version
// of assay, and left out.
func (r *record) parseLine(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "output":
		port, sum, _ := strings.Cut(rest, " ")
		d, err := ParseDigest(sum)
		r.outputs = append(r.outputs, recordedOutput{port, d})
		return err
	case "took":
		took, err := time.ParseDuration(rest)
		r.took = took
		return err
	case "note":
		note, err := strconv.Unquote(rest)
		r.notes = append(r.notes, note)
		return err
	}
	return nil
}

// kind returns the kind that the action's text names, "train/gbt@1".
func (r *record) kind() string {
	for line := range strings.Lines(string(r.text)) {
		if kind, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "kind "); ok {
			return kind
		}
	}
	return "?"
}

// inputs returns the digests of the trees that the action read.
func (r *record) inputs() []Digest {
	var out []Digest
	for line := range strings.Lines(string(r.text)) {
		rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "input ")
		if !ok {
			continue
		}
		// Labels stand before the digest and may hold blanks.
		if d, err := ParseDigest(rest[strings.LastIndexByte(rest, ' ')+1:]); err == nil {
			out = append(out, d)
		}
	}
	return out
}
