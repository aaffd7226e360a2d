package artifacts

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A Scratch is a folder of one action, Dir, that nobody had before. In it lies
// the folder "work" with the empty folders that were asked for, in which outputs
// can be written before they are committed.
//
// For minutes, ext4 looks at every inode that was freed nearby before it hands
// one out, so that a run of a thousand small actions that makes and removes
// folders for each spends half of its time there. So what lies in "work" is
// used again, and what is removed at all is removed by [Store.Close], but for
// files, whose room is given back at once.
type Scratch struct {
	Dir string

	home  *workDir
	shape string // the folders in work, sorted, each before what is in it
	perm  fs.FileMode
}

// Work is the folder for outputs.
func (s *Scratch) Work() string { return filepath.Join(s.Dir, "work") }

// Scratch makes a folder with the given folders in its "work".
func (s *Store) Scratch(folders ...string) (*Scratch, error) {
	w, err := s.tmp()
	if err != nil {
		return nil, err
	}
	sc := &Scratch{Dir: filepath.Join(w.path, strconv.FormatInt(w.serial.Add(1), 10)), home: w, shape: shapeOf(folders)}
	if err := os.Mkdir(sc.Dir, 0o777); err != nil {
		return nil, err
	}
	if used := w.take(sc.shape); used != nil {
		sc.perm = used.perm
		return sc, os.Rename(used.Work(), sc.Work())
	}
	for dir := range strings.SplitSeq(sc.shape, "\n") {
		if err := os.Mkdir(filepath.Join(sc.Work(), dir), 0o777); err != nil {
			return nil, err
		}
	}
	st, err := os.Lstat(sc.Work())
	if err == nil {
		sc.perm = st.Mode()
	}
	return sc, err
}

// shapeOf lists folders and all above them, one a line, the work folder itself
// first.
func shapeOf(folders []string) string {
	all := []string{"."}
	for _, f := range folders {
		for ; f != "."; f = filepath.Dir(f) {
			all = append(all, f)
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "\n")
}

// Release gives the folder back. Nothing of it may be used afterwards.
func (s *Scratch) Release() {
	if !s.empty() {
		os.RemoveAll(s.Dir)
		return
	}
	s.home.mu.Lock()
	defer s.home.mu.Unlock()
	s.home.used[s.shape] = append(s.home.used[s.shape], s)
}

// empty removes what is in the folders. It returns false if they are not what
// they were.
func (s *Scratch) empty() bool {
	shape := strings.Split(s.shape, "\n")
	for _, name := range shape {
		dir := filepath.Join(s.Work(), name)
		if st, err := os.Lstat(dir); err != nil || st.Mode() != s.perm {
			return false
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			return false
		}
		for _, e := range entries {
			at := filepath.Join(name, e.Name())
			if _, found := slices.BinarySearch(shape, at); !found && !s.drop(at, e) {
				return false
			}
		}
	}
	return true
}

// drop takes an entry out of the work folder.
func (s *Scratch) drop(name string, e fs.DirEntry) bool {
	path := filepath.Join(s.Work(), name)
	if e.Type() == fs.ModeSymlink {
		return os.Rename(path, filepath.Join(s.Dir, strconv.FormatInt(s.home.serial.Add(1), 10))) == nil
	}
	return os.RemoveAll(path) == nil
}

// take returns a released folder of a shape, nil if there is none.
func (w *workDir) take(shape string) *Scratch {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.used[shape]
	if len(list) == 0 {
		return nil
	}
	w.used[shape] = list[:len(list)-1]
	return list[len(list)-1]
}
