package journal

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"assay/engine/event"
)

// The files in the folder of a run.
const (
	runFile    = "run.json"
	eventsFile = "events.jsonl"
	lockFile   = "lock"
)

// Limits on what is read, since a journal may be damaged or come from somebody else.
const (
	maxRun    = 4 << 20 // bytes of run.json
	maxLine   = 1 << 20 // bytes of one event
	maxEvents = 2_000_000
	maxActs   = 1 << 20 // the highest number of a shard, and of actions of a node
	maxTime   = 100 * 365 * 86400
)

// ErrNoRun is the error for a name that no run has, or several have.
var ErrNoRun = errors.New("no such run")

// List returns the newest n runs below dir, the newest first; all runs if n is 0. A run whose
// folder cannot be understood is Damaged.
func List(dir string, n int) ([]*Run, error) {
	ids, err := names(dir)
	if err != nil {
		return nil, err
	}
	if n > 0 && len(ids) > n {
		ids = ids[:n]
	}
	var out []*Run
	for _, id := range ids {
		out = append(out, open(dir, id))
	}
	return out, nil
}

// Find returns the run with a name as users write it: the full name, the beginning of it, the
// four letters at its end, or "last".
func Find(dir, name string) (*Run, error) {
	ids, err := names(dir)
	if err != nil {
		return nil, err
	}
	if len(ids) > 0 && name == "last" {
		return open(dir, ids[0]), nil
	}
	var found []string
	for _, id := range ids {
		if id == name {
			return open(dir, id), nil
		}
		if name != "" && (strings.HasPrefix(id, name) || strings.HasSuffix(id, "-"+name)) {
			found = append(found, id)
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("%w: %q", ErrNoRun, name)
	case 1:
		return open(dir, found[0]), nil
	}
	return nil, fmt.Errorf("%w: %q matches %d runs, such as %s and %s", ErrNoRun, name, len(found), found[0],
		found[1])
}

// names returns the IDs of all runs, the newest first.
func names(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && len(e.Name()) >= len(idTime) {
			ids = append(ids, e.Name())
		}
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	return ids, nil
}

// open reads run.json of a run.
func open(dir, id string) *Run {
	r := &Run{}
	path := filepath.Join(dir, id)
	if b, err := readBounded(filepath.Join(path, runFile), maxRun); err != nil || json.Unmarshal(b, r) != nil {
		return &Run{ID: id, Outcome: Damaged, dir: path}
	}
	r.ID, r.dir = id, path
	if r.Ended.IsZero() {
		r.Outcome = Killed
		if r.alive() {
			r.Outcome = Running
		}
	}
	return r
}

// alive reports whether a process still writes the run's journal. When a process ends, the
// kernel releases its lock.
func (r *Run) alive() bool {
	l := flock.New(filepath.Join(r.dir, lockFile), flock.SetFlag(os.O_RDONLY))
	defer l.Close()
	free, err := l.TryRLock()
	return err == nil && !free
}

// readBounded reads a file of at most so many bytes.
func readBounded(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(b)) > most {
		err = fmt.Errorf("%s has more than %d bytes", path, most)
	}
	return b, err
}

// Events returns the events of the run in the order they were written. It skips and counts
// lines that it cannot understand. It also skips an incomplete last line, which a kill may
// leave, but does not count it.
func (r *Run) Events() (events []event.Event, bad int, err error) {
	f, err := os.Open(filepath.Join(r.dir, eventsFile))
	if err != nil {
		return nil, 0, fmt.Errorf("read the events of run %s: %w", r.ID, err)
	}
	defer f.Close()
	return ReadEvents(f)
}

// ReadEvents is [Run.Events] for a text from elsewhere.
func ReadEvents(rd io.Reader) (events []event.Event, bad int, err error) {
	b := bufio.NewReaderSize(rd, 64<<10)
	for len(events) < maxEvents {
		line, long, err := readLine(b)
		if errors.Is(err, io.EOF) {
			return events, bad, nil // an incomplete last line is skipped
		}
		if err != nil {
			return events, bad, err
		}
		var ev event.Event
		if long || json.Unmarshal(line, &ev) != nil || !sane(&ev) {
			bad++
			continue
		}
		events = append(events, ev)
	}
	return events, bad, nil
}

// readLine returns the next line. It skips a line that is too long, returns nothing of it, and
// reports that.
func readLine(b *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := b.ReadSlice('\n')
		if !long {
			line = append(line, part...)
		}
		if len(line) > maxLine {
			line, long = nil, true
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return nil, long, err
		}
		return line, long, nil
	}
}

// sane reports whether the numbers of an event are in a range that can be drawn.
func sane(ev *event.Event) bool {
	inside := func(f float64) bool { return !math.IsNaN(f) && f >= 0 && f <= maxTime }
	return ev.What != "" && inside(ev.T) && inside(ev.Took) && ev.Shard >= 0 && ev.Shard <= maxActs &&
		ev.Actions >= 0 && ev.Actions <= maxActs && ev.Ran >= 0 && ev.Ran <= maxActs && ev.Count >= 0 &&
		ev.Count <= maxActs
}

// prune removes all but the newest runs. It keeps a run that still goes on.
func prune(dir string, most int) {
	ids, err := names(dir)
	if err != nil || len(ids) <= most {
		return
	}
	for _, id := range ids[most:] {
		r := &Run{ID: id, dir: filepath.Join(dir, id)}
		if _, err := os.Stat(filepath.Join(r.dir, eventsFile)); err == nil && !r.alive() {
			os.RemoveAll(r.dir) // if that fails, the next run tries again
		}
	}
}
