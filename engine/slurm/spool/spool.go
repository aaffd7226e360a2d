// Package spool keeps the folder through which the head of a run and its jobs on a cluster
// talk. It lies in the shared store:
//
//	cluster/SET/set.json    what the set is: who made it, for which step, how many jobs
//	            jobs        the jobs, one JSON message a line
//	            index       where each line ends, and the key of its action, in lines of equal length
//	            open        is there until every job of the set has an end; its head locks it and touches it
//	            try-K.json  the jobs that were submitted for the K-th time, and the number Slurm gave
//	            said/I.K    what try K of job I says, one JSON message a line; touched while it runs
//	            done/I.K    how try K of job I ended; appears whole
//	            out/T.K     what Slurm's task T of try K printed
//
// [New] makes a set, [List] finds those that are there, [Set.Job] reads a job. Everything
// here is about jobs under way: results are in the store, and losing a set costs time and
// nothing else. No file is believed without a check, and each has a limit on its size.
package spool

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/engine"
)

// A Set is a number of jobs that are submitted together.
type Set struct {
	ID    string    `json:"-"` // the folder's name
	Dir   string    `json:"-"`
	Made  time.Time `json:"made"`
	Host  string    `json:"host"` // of the head
	PID   int       `json:"pid"`
	Step  string    `json:"step"`
	Count int       `json:"count"`
	CPU   int       `json:"cpu"`    // of each job
	Mem   int64     `json:"memory"` // bytes; 0 is not said

	Time  time.Duration `json:"time"`  // of each task, in nanoseconds; 0 is not said
	Beat  time.Duration `json:"beat"`  // how often a job says that it is alive, in nanoseconds
	Flags []string      `json:"flags"` // of sbatch
}

// Limits on what is read from a set.
const (
	maxCount = 100_000
	maxFile  = 1 << 20
	maxJob   = 16 << 20
	minBeat  = 100 * time.Millisecond
	maxBeat  = 10 * time.Minute
)

// idForm is the form of the name of a set, and idLength how many letters it has.
var idForm = regexp.MustCompile(`^[a-z2-7]{10}$`)

const idLength = 10

// Lines of the index have a number of endWidth digits, a space, and a key.
const (
	endWidth   = 13
	indexWidth = endWidth + 1 + 2*len(artifacts.Digest{}) + 1
)

// Root returns the folder of all sets of a store.
func Root(s *store.Store) string { return filepath.Join(s.Dir(), store.ClusterDir) }

// NewID returns a name for a set.
func NewID() string { return strings.ToLower(rand.Text())[:idLength] }

// New makes a set of the given jobs below root, with the name in set.ID. Nobody sees it before it
// is complete.
func New(root string, set Set, jobs []*engine.Message) (*Set, error) {
	set.Dir, set.Made, set.Count, set.PID = filepath.Join(root, set.ID), time.Now().UTC(), len(jobs), os.Getpid()
	set.Host, _ = os.Hostname()
	tmp := filepath.Join(root, "new-"+set.ID)
	for _, sub := range []string{"said", "done", "out"} {
		if err := os.MkdirAll(filepath.Join(tmp, sub), 0o777); err != nil {
			return nil, err
		}
	}
	err := errors.Join(writeJobs(tmp, jobs), writeJSON(filepath.Join(tmp, "set.json"), &set),
		os.WriteFile(filepath.Join(tmp, "open"), nil, 0o666))
	if err == nil {
		err = os.Rename(tmp, set.Dir)
	}
	if err != nil {
		os.RemoveAll(tmp)
		return nil, err
	}
	return &set, nil
}

// Open reads the set in a folder.
func Open(dir string) (*Set, error) {
	set := &Set{ID: filepath.Base(dir), Dir: dir}
	if !idForm.MatchString(set.ID) {
		return nil, fmt.Errorf("%s is not the folder of a set of jobs", dir)
	}
	if err := readJSON(filepath.Join(dir, "set.json"), set); err != nil {
		return nil, err
	}
	set.Beat = min(max(set.Beat, minBeat), maxBeat)
	if set.Count < 1 || set.Count > maxCount {
		return nil, fmt.Errorf("%s/set.json is damaged: %d jobs; remove the folder", dir, set.Count)
	}
	return set, nil
}

// List returns the sets below root that have not ended, and leaves out what it cannot read.
func List(root string) []*Set {
	entries, _ := os.ReadDir(root)
	var out []*Set
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		if _, err := os.Lstat(filepath.Join(dir, "open")); err != nil {
			continue
		}
		if set, err := Open(dir); err == nil {
			out = append(out, set)
		}
	}
	return out
}

// Remove removes the set. Nobody finds it any more from the first moment.
func (s *Set) Remove() error {
	err := os.Remove(filepath.Join(s.Dir, "open"))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, os.RemoveAll(s.Dir))
}

// writeJSON writes a file that appears whole.
func writeJSON(path string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	tmp := path + ".new"
	if err := os.WriteFile(tmp, append(text, '\n'), 0o666); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// readJSON reads a small file.
func readJSON(path string, v any) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%s is damaged: %w", path, err)
	}
	return nil
}

// IsSetName reports whether a name is that of the folder of a set, or of one that is being made.
func IsSetName(name string) bool { return idForm.MatchString(strings.TrimPrefix(name, "new-")) }
