package work

import (
	"os"
	"path/filepath"
	"strconv"

	"assay/artifacts/disk"
)

// A Scratch is a folder of one action. Its path is never used again, so what an action
// leaves running cannot reach the next one's.
//
// For minutes, ext4 checks every inode that was freed nearby before it hands one out. So
// a run of a thousand small actions that cleans up after each one spends a third of its
// time there. Therefore the space of files is freed at once, while folders and links are
// left for [Area.Close] to remove.
type Scratch struct {
	Dir string

	short *shortcut // nil in a process that did not make the folder
	whole bool      // is removed at once in spite of this
}

// InputsDir is the folder of the inputs within an action's folder.
const InputsDir = "in"

// maxLeft is how many folders of actions a process leaves to be removed at its end.
const maxLeft = 20_000

// Scratch makes a folder that contains the given folders. Outputs are written there
// before they are committed. The caller releases it.
func (a *Area) Scratch(folders ...string) (*Scratch, error) {
	w, err := a.own()
	if err != nil {
		return nil, err
	}
	n := w.serial.Add(1)
	sc := &Scratch{Dir: filepath.Join(w.path, strconv.FormatInt(n, 10)), short: &a.short, whole: n > maxLeft}
	if err := os.Mkdir(sc.Dir, 0o700); err != nil {
		return nil, err
	}
	for _, f := range folders {
		if err := os.MkdirAll(filepath.Join(sc.Dir, f), 0o777); err != nil {
			return nil, err
		}
	}
	return sc, nil
}

// Short returns a short path to the folder, or Dir if there is none.
func (s *Scratch) Short() string {
	if s.short == nil {
		return s.Dir
	}
	link, err := s.short.to(filepath.Dir(s.Dir))
	if err != nil {
		return s.Dir
	}
	return filepath.Join(link, filepath.Base(s.Dir))
}

// Release frees the folder. Nothing in it may be used afterwards.
func (s *Scratch) Release() {
	if s.whole {
		disk.RemoveAll(s.Dir)
		return
	}
	removeFiles(s.Dir, InputsDir)
}

// removeFiles removes the plain files below dir, except those in its folder but. It
// leaves what it cannot remove, and inputs, for the end; inputs take little or no space
// of their own.
func removeFiles(dir, but string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch {
		case e.Name() == but:
		case e.IsDir():
			removeFiles(path, "")
		case e.Type().IsRegular():
			os.Remove(path)
		}
	}
}
