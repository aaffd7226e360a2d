package graph

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"assay/artifacts"
	"assay/engine/recipe"
)

// checkFolders checks the folders of "outputs:": each artifact needs a folder of its
// own, apart from the files of the recipe and its sources.
func (b *builder) checkFolders() {
	if len(b.r.Deliveries) == 0 {
		return
	}
	taken := b.given()
	for _, o := range b.r.Deliveries {
		if o.Path == "" && b.ms.Added() > 0 {
			continue // it may just be unknown
		}
		if what, hint := noFolder(o.Path); what != "" {
			b.ms.Add(o.Pos, hint, "output %q: %s", o.Path, what)
			continue
		}
		at := usedPath{artifacts.RealPath(filepath.FromSlash(o.Path)), fmt.Sprintf("output %s (%s)", o.Path, o.Pos),
			ownFolder}
		p, how := at.among(taken)
		if how != "" {
			b.ms.Add(o.Pos, p.hint, "output %s %s %s", o.Path, how, p.name)
			continue
		}
		taken = append(taken, at)
	}
}

// A usedPath is a path that an output must keep away from.
type usedPath struct {
	path string // real
	name string // for people
	hint string
}

// among returns the first path of a list that is not apart from a path, and how they are
// related; "" if there is none.
func (at usedPath) among(list []usedPath) (p usedPath, how string) {
	for _, p := range list {
		if how := relation(at.path, p.path); how != "" {
			return p, how
		}
	}
	return usedPath{}, ""
}

const (
	ownFolder  = "each output needs a folder of its own, beside the others, such as out/name"
	apartInput = "name a folder apart from it: a run must not write among the files that it reads"
)

// given returns the paths of the sources and of the files of the recipe.
func (b *builder) given() []usedPath {
	var list []usedPath
	for _, src := range b.r.Sources {
		if src.Path != "" {
			list = append(list, usedPath{artifacts.RealPath(src.Path), fmt.Sprintf("source %s (%s)", src.Name, src.Path),
				apartInput})
		}
	}
	for _, f := range b.r.Files {
		list = append(list, usedPath{artifacts.RealPath(f.Name), "the recipe's file " + filepath.ToSlash(f.Name),
			apartInput})
	}
	return list
}

// noFolder says why a path cannot be an output, and what to write instead.
func noFolder(path string) (what, hint string) {
	switch clean := filepath.Clean(filepath.FromSlash(path)); {
	case path == "":
		return "want the path of a folder, found nothing", "name one, such as out/name"
	case clean == ".":
		return "this is the folder that assay runs in", "name one below it, such as out/name"
	case clean == filepath.Dir(clean):
		return "this is the root of all folders", "name one below it"
	case strings.HasPrefix(path, "~"):
		return "~ has no meaning in a recipe", "write the full path, or one relative to the folder that assay runs in"
	}
	return "", ""
}

// relation says how a path is related to another; "" if they are apart.
func relation(path, other string) string {
	switch {
	case path == other:
		return "is the same as"
	case artifacts.Within(path, other):
		return "lies inside"
	case artifacts.Within(other, path):
		return "contains"
	}
	return ""
}

// checkLock refuses a source that holds the recipe's lock, if a step reads it.
// The lock names the digest of what is read, so the recipe would never be up
// to date.
func (b *builder) checkLock() {
	if b.r.Piped {
		return // there is none
	}
	lock := LockPath(b.r.File.Name)
	b.checkOwnLock(lock)
	for _, src := range b.r.Sources {
		if src.Path == "" {
			continue // reported when it was resolved
		}
		name, err := filepath.Rel(src.Path, lock) // without following links: there may be thousands
		if err == nil && filepath.IsLocal(name) && b.reads(src.Name, filepath.ToSlash(name)) {
			b.ms.Add(src.Pos, "name only the files or folders that you need, or move the recipe out of it",
				"source %s (%s) holds the recipe's lock %s, which every run writes: it would never be up to date", src.Name,
				src.Path, filepath.ToSlash(lock))
		}
	}
}

// checkOwnLock refuses a recipe whose lock would also be that of a recipe beside it
// (x.yml and x.yaml), or the recipe itself.
func (b *builder) checkOwnLock(lock string) {
	file := b.r.File.Name
	at := recipe.Pos{File: b.r.File, Line: 1, Col: 1}
	if filepath.Clean(lock) == filepath.Clean(file) {
		b.ms.Add(at, "name it "+strings.TrimSuffix(filepath.Base(file), ".lock")+".yaml",
			"a recipe named %s would be overwritten by its own lock", file)
		return
	}
	own, err := os.Stat(file)
	if err != nil {
		return // it came from elsewhere
	}
	for _, ext := range []string{".yaml", ".yml"} {
		other := strings.TrimSuffix(file, filepath.Ext(file)) + ext
		if info, err := os.Stat(other); err == nil && !os.SameFile(own, info) {
			b.ms.Add(at, "rename one of the two, or remove it", "%s and %s would share the lock %s",
				filepath.ToSlash(file), filepath.ToSlash(other), filepath.ToSlash(lock))
		}
	}
}

// LockPath is where the lock of a recipe file lies: beside it.
func LockPath(file string) string {
	return strings.TrimSuffix(file, filepath.Ext(file)) + ".lock"
}

// reads reports whether a step reads a file of a source.
func (b *builder) reads(src, file string) bool {
	for _, s := range b.steps {
		if s.pending {
			continue // what it reads is looked at when its nodes are known
		}
		for _, n := range s.nodes {
			for port, f := range n.Feeds() {
				if f.Node == nil && f.Source == src && f.Part.Takes(file) && port.Takes(file) {
					return true
				}
			}
		}
	}
	return false
}
