package artifacts

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"assay/artifacts/disk"
)

// A Lock is the list of what a recipe made: a text file, committed beside the recipe,
// one line per artifact, sorted, so that it diffs and merges by line.
//
//	assay lock 1
//	<digest> source corpus
//	<digest> artifact gbt[view=oracle].model <kind>@<version> <action key>
type Lock struct {
	Sources   []LockedSource
	Artifacts []LockedArtifact
}

// A LockedSource is the digest of data that a recipe starts from.
type LockedSource struct {
	Name   string
	Digest Digest
}

// A LockedArtifact is one output of one node.
type LockedArtifact struct {
	Name   string // "node.output"
	Kind   string // "name@version"
	Key    Digest // of the action, or of the list of a sharded node's actions
	Digest Digest // of the tree
}

const lockHead = "assay lock 1"

// Text returns the text of the lock, which it sorts.
func (l *Lock) Text() []byte {
	slices.SortFunc(l.Sources, func(a, b LockedSource) int { return cmp.Compare(a.Name, b.Name) })
	l.sortArtifacts()
	b := make([]byte, 0, l.size()) // there may be 100,000 lines
	b = append(append(b, lockHead...), '\n')
	for _, s := range l.Sources {
		b = append(hex.AppendEncode(b, s.Digest[:]), " source "...)
		b = append(append(b, s.Name...), '\n')
	}
	for _, a := range l.Artifacts {
		b = append(hex.AppendEncode(b, a.Digest[:]), " artifact "...)
		b = append(append(b, a.Name...), ' ')
		b = append(append(b, a.Kind...), ' ')
		b = append(hex.AppendEncode(b, a.Key[:]), '\n')
	}
	return b
}

// sortArtifacts sorts by name. It moves pointers, since artifacts are large, and each artifact once.
func (l *Lock) sortArtifacts() {
	list := make([]*LockedArtifact, len(l.Artifacts))
	for i := range l.Artifacts {
		list[i] = &l.Artifacts[i]
	}
	slices.SortFunc(list, func(a, b *LockedArtifact) int { return cmp.Compare(a.Name, b.Name) })
	sorted := make([]LockedArtifact, len(list))
	for i, a := range list {
		sorted[i] = *a
	}
	l.Artifacts = sorted
}

// size returns how many bytes the text has.
func (l *Lock) size() int {
	size := len(lockHead) + len("\n")
	for _, s := range l.Sources {
		size += 2*len(s.Digest) + len(" source \n") + len(s.Name)
	}
	for _, a := range l.Artifacts {
		size += 4*len(a.Digest) + len(" artifact   \n") + len(a.Name) + len(a.Kind)
	}
	return size
}

// ReadLock reads the lock at path.
func ReadLock(path string) (*Lock, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	l, err := ParseLock(b)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	return l, nil
}

// ParseLock reads a lock's text. Errors begin with a line number.
func ParseLock(text []byte) (*Lock, error) {
	l := &Lock{}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if n == 1 {
			if line != lockHead {
				return nil, fmt.Errorf("1: not a lock (its first line is not %q)", lockHead)
			}
			continue
		}
		if err := l.ParseLine(line); err != nil {
			return nil, fmt.Errorf("%d: %w", n, err)
		}
	}
	if n == 0 {
		return nil, errors.New("1: the lock is empty; make it with: assay run")
	}
	return l, nil
}

// ParseLine adds the content of one line of a lock. Empty lines are ignored.
func (l *Lock) ParseLine(line string) error {
	word := strings.Fields(line)
	if len(word) == 0 {
		return nil
	}
	if strings.HasPrefix(word[0], "<<<<") || strings.HasPrefix(word[0], "====") || strings.HasPrefix(word[0], ">>>>") {
		return errors.New("this is a merge conflict; make the lock again with: assay run")
	}
	d, err := ParseDigest(word[0])
	if err != nil {
		return err
	}
	switch {
	case len(word) == 3 && word[1] == "source":
		l.Sources = append(l.Sources, LockedSource{word[2], d})
		return nil
	case len(word) == 5 && word[1] == "artifact":
		key, err := ParseDigest(word[4])
		l.Artifacts = append(l.Artifacts, LockedArtifact{word[2], word[3], key, d})
		return err
	}
	return fmt.Errorf("want \"<digest> source <name>\" or \"<digest> artifact <name> <kind> <key>\", found %.120q",
		line)
}

// Port returns the name of the output in the name of the artifact.
func (a LockedArtifact) Port() string { return a.Name[strings.LastIndexByte(a.Name, '.')+1:] }

// WriteLock writes the text of a lock to path, unless it has this text already. It reports whether it wrote.
func WriteLock(path string, text []byte) (bool, error) {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return false, nil
	}
	return true, disk.WriteFile(path, text, 0o644)
}
