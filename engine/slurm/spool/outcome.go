package spool

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// An Outcome says how one try of a job ended.
type Outcome struct {
	Class   Class     `json:"class"`
	Error   string    `json:"error,omitempty"`
	Host    string    `json:"host"`
	SlurmID string    `json:"slurm,omitempty"` // 1234_5
	Began   time.Time `json:"began"`
	Ended   time.Time `json:"ended"`
	CPU     float64   `json:"cpu"` // seconds of processor time
	RSS     int64     `json:"rss"` // the most memory of a process, in bytes
}

// Class says what an outcome means for the run.
type Class string

// The classes of outcomes.
const (
	OK      Class = "ok"      // the result is in the store
	Failed  Class = "failed"  // the step failed
	Changed Class = "changed" // a source is not what the run read
	Infra   Class = "infra"   // the node could not run it: another try may help
)

// A Ref names one try of one job of a set.
type Ref struct{ Job, Try int }

func (r Ref) name() string { return fmt.Sprintf("%d.%d", r.Job, r.Try) }

// parseRef reads a name of a file in said or done. It refuses what is not written as name does.
func parseRef(name string) (Ref, bool) {
	a, b, _ := strings.Cut(name, ".")
	job, err1 := strconv.Atoi(a)
	try, err2 := strconv.Atoi(b)
	r := Ref{job, try}
	return r, err1 == nil && err2 == nil && r.name() == name && job >= 0 && job < maxCount && try >= 1
}

// A Room is space that is taken for an outcome before the job runs, so that a job that fills
// the disk can still say so.
type Room struct {
	f    *os.File
	path string
}

// roomSize is more than an outcome takes.
const roomSize = 16 << 10

// Reserve takes the room for the outcome of a try.
func (s *Set) Reserve(r Ref) (*Room, error) {
	path := filepath.Join(s.Dir, "done", r.name())
	f, err := os.Create(path + ".new")
	if err != nil {
		return nil, err
	}
	if _, err := f.Write([]byte(strings.Repeat(" ", roomSize))); err != nil {
		f.Close()
		os.Remove(f.Name())
		return nil, err
	}
	return &Room{f, path}, nil
}

// Finish writes the outcome into its room. It appears whole.
func (r *Room) Finish(o *Outcome) error {
	const maxText = roomSize / 8 // JSON may write six bytes for one
	if len(o.Error) > maxText {
		o.Error = o.Error[:maxText] + " …"
	}
	text, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = r.f.WriteAt(append(text, '\n'), 0)
	err = errors.Join(err, r.f.Truncate(int64(len(text)+1)), r.f.Sync(), r.f.Close())
	if err != nil {
		return err
	}
	return os.Rename(r.path+".new", r.path)
}

// Drop gives the room back, for a job that has no outcome.
func (r *Room) Drop() {
	r.f.Close()
	os.Remove(r.path + ".new")
}

// Outcome reads how a try ended.
func (s *Set) Outcome(r Ref) (*Outcome, error) {
	o := &Outcome{}
	err := readJSON(filepath.Join(s.Dir, "done", r.name()), o)
	return o, err
}

// A Folder lists the tries that have a file in a folder of a set. It reads the folder again
// only if it changed, or may have.
type Folder struct {
	path  string
	read  time.Time
	stamp time.Time
	refs  []Ref
}

// Done returns the list of tries that have ended, Said that of those that have begun.
func (s *Set) Done() *Folder { return &Folder{path: filepath.Join(s.Dir, "done")} }

// Said is explained at [Set.Done].
func (s *Set) Said() *Folder { return &Folder{path: filepath.Join(s.Dir, "said")} }

// settle is how long a folder must have stayed as it is before its time is believed: clocks of
// file systems tick, and those of other machines differ.
const settle = 10 * time.Second

// Refs returns the tries, in no order.
func (f *Folder) Refs() ([]Ref, error) {
	dir, err := os.Open(f.path) // asks a network file system for the folder's time
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	st, err := dir.Stat()
	if err != nil {
		return nil, err
	}
	if st.ModTime().Equal(f.stamp) && f.read.Sub(f.stamp).Abs() > settle {
		return f.refs, nil
	}
	f.stamp, f.read = st.ModTime(), time.Now()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	f.refs = f.refs[:0]
	for _, name := range names {
		if r, ok := parseRef(name); ok {
			f.refs = append(f.refs, r)
		}
	}
	return f.refs, nil
}

// Output returns the end of what Slurm's task of a try printed; "" if there is nothing.
func (s *Set) Output(task, try int) string {
	text, err := tail(filepath.Join(s.Dir, "out", Ref{task, try}.name()), 4<<10)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err.Error()
	}
	return strings.TrimSpace(string(text))
}

// tail returns the last bytes of a file.
func tail(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	text := make([]byte, min(st.Size(), most))
	n, err := f.ReadAt(text, st.Size()-int64(len(text)))
	return text[:n], err
}
