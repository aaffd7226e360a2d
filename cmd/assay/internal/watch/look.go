package watch

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"assay/artifacts"
)

// quiet is how long nothing must change before a run begins: editors and copies write in several
// steps.
const quiet = 300 * time.Millisecond

// Root is a file or folder that is watched.
type Root struct {
	Name string   // for people
	Path string   // absolute
	Skip []string // absolute: paths below that are not watched
	link string   // absolute: the link by which the recipe names it; "" if it is no link
}

// Absolute returns where a path leads, with links followed: fsnotify reports real paths.
// For a file that does not exist yet, the real path of its folder is used.
func Absolute(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}

// takes reports whether a path is the root or below it, and not one to skip.
func (p *Root) takes(path string) bool {
	return artifacts.Within(path, p.Path) && !slices.ContainsFunc(p.Skip,
		func(s string) bool { return artifacts.Within(path, s) })
}

// stamp is the size and time of a file, by which a change is noticed.
type stamp struct {
	size  int64
	mtime time.Time
}

// look returns the stamps of all files below the roots. A file that cannot be read counts as
// missing: the run will say what is wrong with it.
func look(roots []Root) map[string]stamp {
	out := map[string]stamp{}
	for _, p := range roots {
		filepath.WalkDir(p.Path, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			if !p.takes(path) {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			st, err := os.Stat(path)
			if err == nil && st.IsDir() && !d.IsDir() {
				st, err = os.Lstat(path) // a link to a folder, which has a root of its own
			}
			if err == nil && !st.IsDir() {
				out[p.shown(path)] = stamp{st.Size(), st.ModTime()}
			}
			return nil
		})
		if st, err := os.Lstat(p.link); p.link != "" && err == nil {
			out[p.link+" (link)"] = stamp{st.Size(), st.ModTime()}
		}
	}
	return out
}

// differing returns the files whose stamps differ, sorted.
func differing(a, b map[string]stamp) []string {
	var out []string
	for path, st := range a {
		if other, ok := b[path]; !ok || st.size != other.size || !st.mtime.Equal(other.mtime) {
			out = append(out, path)
		}
	}
	for path := range b {
		if _, ok := a[path]; !ok {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// sleep waits for a time, or until the context ends.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
