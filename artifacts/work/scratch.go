package work

import (
	"assay/artifacts/disk"
	"os"
	"path/filepath"
	"strconv"
)

// A Scratch is a folder of one action that nobody had before and nobody will have
// again: what an action leaves running cannot reach the next one's.
//
// For minutes, ext4 looks at every inode that was freed nearby before it hands
// one out, so that a run of a thousand small actions that cleans up after each
// spends a third of its time there. So the room of files is given back at once,
// and folders and links are left for [Area.Close] to remove.
type Scratch struct {
	Dir string

	short *shortcut // nil in a process that did not make the folder
	whole bool      // is removed at once after all
}

// InputsDir is where the inputs of an action lie in its folder.
const InputsDir = "in"

// maxLeft is how many folders of actions a process leaves for its end.
const maxLeft = 20_000

// Scratch makes a folder with the given folders in it, in which outputs can be
// written before they are committed. Whoever asks for it releases it.
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

// Short returns a short path to the folder; where there can be none, Dir.
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

// Release gives the folder back. Nothing of it may be used afterwards.
func (s *Scratch) Release() {
	if s.whole {
		disk.RemoveAll(s.Dir)
		return
	}
	removeFiles(s.Dir, InputsDir)
}

// removeFiles removes the plain files below dir, but for those in its folder but.
// What it cannot remove is left for the end, and so are inputs, which take little
// room or none of their own.
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
