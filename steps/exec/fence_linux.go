package exec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// A fence uses Landlock (https://docs.kernel.org/userspace-api/landlock.html) to keep
// commands from files of the project that are not their inputs, and from changing
// anything of it but their own place. Landlock can only allow, so a fence around one
// folder allows everything beside the path to it, and what is named within it. The list
// of what lies beside the path is made once, and again when a folder on it changed.
// Beside a folder that may not be listed, nothing is known and nothing allowed. The zero
// value is ready.
type fence struct {
	once   sync.Once
	rights uint64 // those that the kernel supports, 0 without Landlock

	mu     sync.Mutex
	around *surroundings
}

// pass puts the calling thread, and what it starts, behind the fence around the
// folder that assay runs in. Where the kernel has no Landlock it does nothing.
func (f *fence) pass(within grant) error {
	if !f.stands() {
		return nil
	}
	if err := f.shut(within); err != nil {
		return fmt.Errorf("fence: %w", err)
	}
	return nil
}

// stands reports whether the kernel has Landlock.
func (f *fence) stands() bool {
	f.once.Do(func() { f.rights = known(landlockVersion()) })
	return f.rights != 0
}

// shut restricts the calling thread, and so the command it starts, to the granted
// paths and to what lies around the project. There is no way back: the thread must
// not be used again.
func (f *fence) shut(within grant) error {
	around, err := f.surroundings()
	if err != nil {
		return err
	}
	r, err := newRules(f.rights)
	if err != nil {
		return err
	}
	defer r.close()
	if err := around.allow(r); err != nil {
		return err
	}
	if err := allowPaths(r, within.read, readFile); err != nil {
		return err
	}
	if err := allowPaths(r, within.write, everything); err != nil {
		return err
	}
	if within.modes {
		heedModes()
	}
	return r.enforce()
}

// heedModes makes file modes apply to what the calling thread starts even if that is
// root: inputs are read-only, and some are files of the store itself. Where this is not
// possible, a file that was written to is detected afterwards.
func heedModes() {
	if os.Geteuid() == 0 {
		unix.Prctl(unix.PR_CAPBSET_DROP, unix.CAP_DAC_OVERRIDE, 0, 0, 0)
	}
}

func allowPaths(r *rules, paths []string, rights uint64) error {
	for _, path := range paths {
		if err := r.allowPath(path, rights); err != nil {
			return fmt.Errorf("allow %s: %w", path, err)
		}
	}
	return nil
}

// surroundings returns what lies around the project now.
func (f *fence) surroundings() (*surroundings, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.around != nil && f.around.current() {
		return f.around, nil
	}
	project, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	if project, err = filepath.EvalSymlinks(project); err != nil {
		return nil, err
	}
	f.around, err = lookAround(project)
	return f.around, err
}

// surroundings are all files and folders beside the path from the root to a folder.
type surroundings struct {
	way    []station
	beside []string
	open   []neighbour // the first of beside
}

// A station is a folder on the path, and when it last got or lost a name.
type station struct {
	path    string
	changed time.Time
}

// A neighbour is an open file or folder beside the path; nil if it could not be opened.
type neighbour struct {
	*os.File
	rights uint64
}

// maxOpen bounds how many files a fence keeps open.
const maxOpen = 512

// lookAround lists what lies beside the path from the root to the project: rules for
// these allow everything but the project.
func lookAround(project string) (*surroundings, error) {
	s := &surroundings{}
	at := "/"
	for _, next := range strings.Split(strings.Trim(project, "/"), "/") {
		st, err := os.Stat(at)
		if err != nil {
			return nil, err
		}
		s.way = append(s.way, station{at, st.ModTime()}) // before it is read, so that a change in between is noticed
		entries, err := os.ReadDir(at)
		if err != nil && !errors.Is(err, fs.ErrPermission) {
			return nil, err
		}
		for _, e := range entries {
			// The target of a link lies beside the path itself, or is behind the fence.
			if e.Name() != next && e.Type()&fs.ModeSymlink == 0 {
				s.beside = append(s.beside, filepath.Join(at, e.Name()))
			}
		}
		at = filepath.Join(at, next)
	}
	for _, path := range s.beside[:min(maxOpen, len(s.beside))] {
		s.open = append(s.open, openNeighbour(path))
	}
	return s, nil
}

// current reports whether no folder on the path has changed.
func (s *surroundings) current() bool {
	for _, w := range s.way {
		if st, err := os.Stat(w.path); err != nil || !st.ModTime().Equal(w.changed) {
			return false
		}
	}
	return true
}

func openNeighbour(path string) neighbour {
	f, err := os.OpenFile(path, unix.O_PATH|unix.O_NOFOLLOW, 0)
	if err != nil {
		return neighbour{}
	}
	rights, err := fitting(int(f.Fd()), everything)
	if err != nil {
		f.Close()
		return neighbour{}
	}
	return neighbour{f, rights}
}

// allow allows everything in the surroundings.
func (s *surroundings) allow(r *rules) error {
	for i, n := range s.open {
		if n.File == nil {
			continue
		}
		if err := r.allow(int(n.Fd()), n.rights); err != nil {
			return fmt.Errorf("allow %s: %w", s.beside[i], err)
		}
	}
	return allowPaths(r, s.beside[len(s.open):], everything)
}
