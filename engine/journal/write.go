package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gofrs/flock"

	"assay/engine/event"
)

// keep is how many runs are kept. Older ones are removed when a run begins.
const keep = 200

// maxText is how many bytes of each text of an event are written.
const maxText = 8 << 10

// A Log writes the journal of one run. Its methods may be called from several
// goroutines.
type Log struct {
	mu   sync.Mutex
	run  Run
	lock *flock.Flock

	file *os.File
	err  error // the first error of writing events

	queued sync.Mutex
	queue  []event.Event // not written yet
	wake   chan struct{} // signals that the queue has events; nil after Close
}

// Begin starts the journal of a run below dir, the store's folder of runs, and removes the
// oldest journals. The run's ID begins with the time in run.Began.
func Begin(dir string, run Run) (*Log, error) {
	l := &Log{run: run, wake: make(chan struct{}, 1)}
	if err := l.makeFolder(dir); err != nil {
		return nil, fmt.Errorf("cannot start the journal of the run: %w", err)
	}
	go l.writeOn(l.wake)
	prune(dir, keep)
	return l, nil
}

// makeFolder makes the run's folder, with a name that no other run has.
func (l *Log) makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for {
		id := l.run.Began.UTC().Format(idTime) + "-" + randomName()
		err := os.Mkdir(filepath.Join(dir, id), 0o777)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		l.run.ID, l.run.dir = id, filepath.Join(dir, id)
		break
	}
	l.lock = flock.New(filepath.Join(l.run.dir, lockFile))
	if _, err := l.lock.TryLock(); err != nil {
		return err
	}
	var err error
	l.file, err = os.OpenFile(filepath.Join(l.run.dir, eventsFile), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	return errors.Join(err, l.writeRun())
}

// idTime is the time in a run's ID. Its milliseconds make IDs sort in the order the runs began.
const idTime = "20060102-150405.000"

// randomName returns four letters and digits, without those that look like others.
func randomName() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	var b [4]byte
	for i := range b {
		b[i] = letters[rand.IntN(len(letters))]
	}
	return string(b[:])
}

// ID returns the name of the run.
func (l *Log) ID() string { return l.run.ID }

// Add appends events. A goroutine of the log writes them, so that the caller does not wait for
// the disk. End returns the errors, since a run can go on without its journal.
func (l *Log) Add(events ...event.Event) {
	l.queued.Lock()
	defer l.queued.Unlock()
	if l.wake == nil {
		return
	}
	l.queue = append(l.queue, events...)
	select {
	case l.wake <- struct{}{}:
	default: // it is awake already
	}
}

// writeOn writes the queue whenever it has events.
func (l *Log) writeOn(wake <-chan struct{}) {
	for range wake {
		l.mu.Lock()
		l.write()
		l.mu.Unlock()
	}
}

// write appends the queued events as whole lines, in one write. What it has written survives a
// kill.
func (l *Log) write() {
	l.queued.Lock()
	events := l.queue
	l.queue = nil
	l.queued.Unlock()
	var b []byte
	for _, ev := range events {
		ev.T = math.Round(ev.T*1e6) / 1e6
		if why := ev.Why.String(); len(why) > maxText {
			ev.Why = event.Reasons{{To: clip(why)}}
		}
		ev.Text = clip(ev.Text)
		line, err := json.Marshal(ev)
		if err != nil { // a time that is not a number
			continue
		}
		b = append(append(b, line...), '\n')
	}
	if len(b) > 0 && l.file != nil && l.err == nil {
		_, l.err = l.file.Write(b)
	}
}

// clip cuts a text that is too long, between two characters.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + " …"
}

// End writes how the run ended; change sets the outcome and the counts. Events may still be
// added until [Log.Close].
func (l *Log) End(at time.Time, change func(*Run)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write()
	l.run.Ended = at
	change(&l.run)
	l.run.Error = clip(l.run.Error)
	return errors.Join(l.err, l.writeRun())
}

// Close writes the rest of the queue and closes the run's files. Later events are lost.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	l.write()
	l.queued.Lock()
	close(l.wake)
	l.wake = nil
	l.queued.Unlock()
	err := errors.Join(l.file.Close(), l.lock.Close())
	l.file = nil
	return err
}

// writeRun replaces run.json by a rename, so that readers see the old text or the new one. It
// does not flush the file to the disk: after a crash of the machine no result depends on it.
func (l *Log) writeRun() error {
	b, err := json.MarshalIndent(&l.run, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(l.run.dir, runFile)
	if err := os.WriteFile(path+".new", append(b, '\n'), 0o666); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
