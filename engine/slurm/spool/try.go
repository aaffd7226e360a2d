package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// A Try says which jobs of a set were submitted together, again or for the first time. It is
// written before Slurm is asked, so that a head that dies in between leaves no job that nobody
// knows.
type Try struct {
	Jobs      []int     `json:"jobs"`  // task T of Slurm's array is Jobs[T*Group] and the next ones
	Group     int       `json:"group"` // how many jobs a task runs
	Memory    int64     `json:"memory,omitempty"`
	Submitted time.Time `json:"submitted"`
	SlurmID   string    `json:"slurm,omitempty"` // "" until Slurm has answered
}

// maxTries is more than a set can have.
const maxTries = 1000

func (s *Set) tryPath(k int) string { return filepath.Join(s.Dir, fmt.Sprintf("try-%d.json", k)) }

// PutTry writes what try k is.
func (s *Set) PutTry(k int, t *Try) error { return writeJSON(s.tryPath(k), t) }

// ReadTry reads what try k is.
func (s *Set) ReadTry(k int) (*Try, error) {
	t := &Try{}
	if err := readJSON(s.tryPath(k), t); err != nil {
		return nil, err
	}
	if len(t.Jobs) == 0 || len(t.Jobs) > s.Count || t.Group < 1 {
		return nil, fmt.Errorf("%s is damaged", s.tryPath(k))
	}
	for _, i := range t.Jobs {
		if i < 0 || i >= s.Count {
			return nil, fmt.Errorf("%s is damaged: it names job %d", s.tryPath(k), i)
		}
	}
	return t, nil
}

// Tries returns all tries of the set, the first one first.
func (s *Set) Tries() ([]*Try, error) {
	var out []*Try
	for k := 1; k <= maxTries; k++ {
		t, err := s.ReadTry(k)
		if errors.Is(err, fs.ErrNotExist) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// Tasks returns how many tasks a try has.
func (t *Try) Tasks() int { return (len(t.Jobs) + t.Group - 1) / t.Group }

// Of returns the jobs of a task.
func (t *Try) Of(task int) []int {
	if task < 0 || task >= t.Tasks() {
		return nil
	}
	return t.Jobs[task*t.Group : min((task+1)*t.Group, len(t.Jobs))]
}

// JobName returns the name that Slurm knows a try by.
func (s *Set) JobName(k int) string { return fmt.Sprintf("assay-%s-%d", s.ID, k) }

// ParseJobName returns the set and the try that a name stands for.
func ParseJobName(name string) (id string, try int, ok bool) {
	if len(name) < len("assay-")+idLength+2 || name[:6] != "assay-" || !idForm.MatchString(name[6:6+idLength]) {
		return "", 0, false
	}
	r, ok := parseRef("0." + name[6+idLength+1:])
	return name[6 : 6+idLength], r.Try, ok && name[6+idLength] == '-'
}

// A Claim says that a head looks after a set. Within a machine a kernel lock says so. Machines
// do not believe each other's locks, so the head also touches the file.
type Claim struct{ lock *flock.Flock }

// stale is how old the touch of another machine's head must be before its set is taken over.
const stale = 3 * time.Minute

// Claim takes the set, unless its head is alive.
func (s *Set) Claim() (*Claim, bool) {
	path := filepath.Join(s.Dir, "open")
	st, err := os.Stat(path)
	if err != nil {
		return nil, false
	}
	host, _ := os.Hostname()
	if s.Host != host && time.Since(st.ModTime()) < stale {
		return nil, false
	}
	lock := flock.New(path)
	if ok, err := lock.TryLock(); err != nil && s.Host == host || err == nil && !ok {
		return nil, false
	}
	c := &Claim{lock}
	c.Touch()
	return c, true
}

// Touch says that the head is alive.
func (c *Claim) Touch() { os.Chtimes(c.lock.Path(), time.Now(), time.Now()) }

// Release lets go of the set.
func (c *Claim) Release() error { return c.lock.Close() }
