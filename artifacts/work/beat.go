package work

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Machines do not see each other's kernel locks on every file system. So a process also
// touches its lock file once in a while, for the others.
const (
	beatEvery = time.Minute
	// Silent is how long a process of another machine must not have touched its lock file to
	// be taken for dead. Clocks of machines may differ by minutes.
	Silent = 15 * time.Minute
)

// beat touches the lock file until stop is closed.
func (w *workDir) beat(stop <-chan struct{}) {
	t := time.NewTicker(beatEvery)
	defer t.Stop()
	for {
		select {
		case <-stop:
			return
		case now := <-t.C:
			os.Chtimes(w.lock.Path(), now, now)
		}
	}
}

// isSilent reports whether a work folder's process has not touched its lock for long, or has
// none.
func isSilent(path string) bool {
	st, err := os.Lstat(path + ".lock")
	return err != nil || time.Since(st.ModTime()) > Silent
}

// Abroad returns the names of work folders below tmp whose processes are at work on other
// machines.
func Abroad(tmp string) []string {
	here := thisMachine()
	var out []string
	entries, _ := os.ReadDir(tmp)
	for _, e := range entries {
		name, isLock := strings.CutSuffix(e.Name(), ".lock")
		if isLock && IsName(name) && !here.isSure(name) && !isSilent(filepath.Join(tmp, name)) {
			out = append(out, name)
		}
	}
	return out
}
