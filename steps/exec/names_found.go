package exec

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// inputNames returns the names of up to n input files.
func (pl *place) inputNames(n int) (names []string) {
	pl.eachInput(func(name string) bool {
		names = append(names, name)
		return len(names) < n
	})
	return names
}

// first lists the first names for people.
func first(names []string) string {
	if len(names) > maxNames {
		names = append(names[:maxNames:maxNames], "…")
	}
	return strings.Join(names, ", ")
}

// inputNamed returns the input file whose path ends with a name, "" if none does.
func (pl *place) inputNamed(name string) (at string) {
	seen := 0
	pl.eachInput(func(path string) bool {
		if strings.HasSuffix(path, "/"+filepath.ToSlash(filepath.Clean(name))) {
			at = path
		}
		seen++
		return at == "" && seen < maxSeen
	})
	return at
}

// eachInput visits the names of input files until visit says that it is enough.
func (pl *place) eachInput(visit func(name string) bool) {
	byName := func(a, b laid) int { return strings.Compare(a.name, b.name) }
	inputs := slices.SortedFunc(slices.Values(pl.inputs), byName)
	for _, in := range inputs {
		on := true
		fs.WalkDir(os.DirFS(filepath.Join(pl.dir, filepath.FromSlash(in.name))), ".", func(path string, d fs.DirEntry,
			err error) error {
			if err == nil && !d.IsDir() {
				on = visit(in.name + "/" + path)
			}
			if !on {
				return fs.SkipAll
			}
			return nil
		})
		if !on {
			return
		}
	}
}

// strays lists what the command wrote outside its outputs, which are empty: most likely
// it was meant for them.
func (pl *place) strays(outputs []string) string {
	var names []string
	for _, dir := range []string{"out", "."} {
		entries, _ := os.ReadDir(filepath.Join(pl.dir, dir))
		for _, e := range entries {
			ours := dir == "out" && slices.Contains(outputs, e.Name()) || dir == "." &&
				slices.Contains([]string{"in", "out", scriptFile}, e.Name())
			if name := filepath.ToSlash(filepath.Join(dir, e.Name())); !ours && !strings.HasPrefix(e.Name(), ".") {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("; it wrote %s: an output is a folder, so write to out/NAME/FILE", first(names))
}
