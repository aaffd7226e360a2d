package episode

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"strings"

	"assay/steps/kit/channel"
)

// An Episode is one recorded run of a VM. It lives in its [Reader]'s memory and
// is good until the next call of Read.
type Episode struct {
	Host string // the folder that it lies in
	ID   string // the file's name without .tar.zst

	Meta     Meta
	Labels   Labels
	Tables   [channel.NumSources]Table
	Findings []Finding // what the tar holds beside an episode's entries

	Done     bool // the recorder finished
	DoneSize int  // bytes of the marker, which should be empty
	Events   bool // events.jsonl is there
	Capture  bool // capture.pcap is there
}

// A Reader reads episodes, one at a time, into memory that it keeps from one to
// the next. It must not be used by two goroutines at once.
type Reader struct {
	limits    Limits
	container *container
	scanners  [channel.NumSources]*rowScanner
	episode   Episode
	large     bool // the tables are those of a giant
}

// NewReader returns a reader that observes the limits. Close it after use.
func NewReader(l Limits) (*Reader, error) { return newReaderOf(l, false) }

// NewTrustingReader returns a reader that leaves out the checksum which zstd keeps
// of a file's content: for files whose very bytes another reader has read before,
// and which are kept by their digest since. All else is checked.
func NewTrustingReader(l Limits) (*Reader, error) { return newReaderOf(l, true) }

func newReaderOf(l Limits, trusted bool) (*Reader, error) {
	c, err := newContainer(l, trusted)
	if err != nil {
		return nil, err
	}
	r := &Reader{limits: l, container: c}
	for s := range channel.Source(channel.NumSources) {
		r.scanners[s] = newRowScanner(s)
	}
	return r, nil
}

// Close releases the reader's decoders.
func (r *Reader) Close() { r.container.close() }

// Suffix is how the name of an episode's file ends.
const Suffix = ".tar.zst"

// SplitName takes the path of an episode in its store, <host>/<episode>.tar.zst,
// apart.
func SplitName(name string) (host, episode string) {
	dir, file := path.Split(name)
	return path.Base(dir), strings.TrimSuffix(file, Suffix)
}

// Read reads the episode at <host>/<episode>.tar.zst.
//
// Its error is a *[BrokenError] if the file is no tar in zstd or a damaged one, a
// *[LimitError] if it is larger than it may be, or one of the file system. What is
// wrong inside is no error: it is in the episode's Findings, Meta.Broken,
// Meta.Problems and in the Lost of its tables. The episode is never nil; after
// an error it has a name and no content.
func (r *Reader) Read(fsys fs.FS, name string) (*Episode, error) {
	e := &r.episode
	r.reset(name)
	if err := r.container.open(fsys, name); err != nil {
		return e, fmt.Errorf("episode %s: %w", name, err)
	}
	if err := r.fill(e); err != nil {
		r.reset(name)
		return e, fmt.Errorf("episode %s: %w", name, err)
	}
	return e, nil
}

// Sum returns the SHA-256 of the file that was last read, whether or not it
// could be decoded; false if it was not read to its end.
func (r *Reader) Sum() (sum [sha256.Size]byte, ok bool) {
	return r.container.checksum()
}

func (r *Reader) reset(name string) {
	e := &r.episode
	host, id := SplitName(name)
	*e = Episode{Host: host, ID: id, Meta: newMeta(), Labels: Labels{Rows: e.Labels.Rows[:0]}, Tables: e.Tables}
	for s := range e.Tables {
		if r.large {
			e.Tables[s] = Table{}
		}
		e.Tables[s].reset(len(r.scanners[s].empty))
	}
	r.large = false
}

// fill reads the entries that are in memory into e: labels first, which say what zero is.
func (r *Reader) fill(e *Episode) error {
	entries := r.container.entries
	e.Findings = r.container.findings
	if data, ok := entries["meta.json"]; ok {
		e.Meta.Present = true
		e.Meta.fill(data, r.limits)
	}
	if data, ok := entries["labels.jsonl"]; ok {
		e.Labels.Present = true
		e.Labels.fill(data, r.limits)
	}
	_, e.Done = entries["done"]
	e.DoneSize = int(r.container.doneSize)
	_, e.Events = entries["events.jsonl"]
	_, e.Capture = entries["capture.pcap"]
	for s := range channel.Source(channel.NumSources) {
		data, ok := entries[s.Entry()]
		e.Tables[s].Present = ok
		if r.container.giant == nil {
			e.Tables[s].fill(data, r.scanners[s], e.Labels.Zero(), r.limits)
		}
	}
	if g := r.container.giant; g != nil {
		return r.fillGiant(g, e)
	}
	return nil
}

// fillGiant fills the tables from a second pass over a giant.
func (r *Reader) fillGiant(g *giant, e *Episode) error {
	r.large = true
	// What another giant left is given up first: the collector would let the heap grow
	// to twice its size before it looks.
	runtime.GC()
	return g.each(r.container, func(name string, lines int, in io.Reader) error {
		for s := range channel.Source(channel.NumSources) {
			if s.Entry() == name {
				return e.Tables[s].fillFrom(in, lines, r.scanners[s], e.Labels.Zero(), r.limits)
			}
		}
		return nil
	})
}
