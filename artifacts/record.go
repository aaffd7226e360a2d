package artifacts

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Record is what the store keeps of a result:
//
//	assay result 1
//	output model <digest of its tree>
//	took 1.5s
//	note "count accepted 16"
//
//	assay action 1
//	…the action's text, which the record's name is the SHA-256 of
type Record struct {
	Text    []byte      // the action's
	Outputs []NamedTree // by port
	Took    time.Duration
	Notes   []Note
}

const resultHead = "assay result 1"

// Format returns the text of the record.
func (r *Record) Format() []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, resultHead)
	for _, o := range r.Outputs {
		fmt.Fprintf(&b, "output %s %s\n", o.Name, o.Tree)
	}
	fmt.Fprintf(&b, "took %s\n", r.Took)
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note %s\n", strconv.Quote(n.String()))
	}
	b.WriteByte('\n')
	b.Write(r.Text)
	return b.Bytes()
}

// ParseRecord reads the record of the action named key. It does not look into the store.
func ParseRecord(key Digest, b []byte) (*Record, error) {
	head, text, ok := bytes.Cut(b, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || lines[0] != resultHead || Of(text) != key {
		return nil, fmt.Errorf("the record of action %s is damaged", key.Short())
	}
	r := &Record{Text: text}
	for _, line := range lines[1:] {
		if err := r.parseLine(line); err != nil {
			return nil, fmt.Errorf("the record of action %s is damaged: %w", key.Short(), err)
		}
	}
	return r, nil
}

// Action returns the action that the record is about. Of one that this version cannot read,
// the kind is "?".
func (r *Record) Action() *Action {
	a, err := ParseAction(r.Text)
	if err != nil {
		return &Action{Kind: "?"}
	}
	return a
}

// parseLine reads one line. It ignores unknown words, which come from later versions of
// assay.
func (r *Record) parseLine(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "output":
		port, sum, _ := strings.Cut(rest, " ")
		d, err := ParseDigest(sum)
		r.Outputs = append(r.Outputs, NamedTree{port, d})
		return err
	case "took":
		took, err := time.ParseDuration(rest)
		r.Took = took
		return err
	case "note":
		text, err := strconv.Unquote(rest)
		r.Notes = append(r.Notes, ParseNote(text))
		return err
	}
	return nil
}
