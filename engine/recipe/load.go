package recipe

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Overrides are changes of a recipe for one run. They are applied after the recipe is
// merged over what it extends. A set wins over a file, and a later one over an earlier
// one.
type Overrides struct {
	Params []string // paths of YAML files that give parameters other values
	Sets   []string // as "params.seed=8"
}

// Stdin is the path that stands for standard input.
const Stdin = "-"

// Piped reports whether the recipe at path comes from standard input, a pipe or a
// device. Such a recipe can be read only once and has no lock beside it.
func Piped(path string) bool {
	if path == Stdin {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

// Load reads the recipe at path and what it extends, and applies overrides, which may be
// nil. Mistakes go to ms. The recipe contains what could be understood, and is nil if
// nothing could. The error is about reading the file. Paths in a piped recipe are
// relative to the working folder.
func Load(path string, over *Overrides, ms *Mistakes) (*Recipe, error) {
	text, err := readRecipe(path)
	if err != nil {
		return nil, err
	}
	l := &loader{ms: ms, piped: Piped(path), read: readFile}
	return l.recipe(&File{path, text}, over), nil
}

// readRecipe reads the recipe that the user named.
func readRecipe(path string) ([]byte, error) {
	if path == Stdin {
		return readSome(os.Stdin)
	}
	return readPath(path)
}

func readPath(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readSome(f)
}

// Parse is Load for a text that is already read.
func Parse(file *File, over *Overrides, ms *Mistakes) *Recipe {
	l := &loader{ms: ms, read: readFile}
	return l.recipe(file, over)
}

// recipe reads a file with what it extends, then applies --params, then --set, and only
// then interprets the result.
func (l *loader) recipe(file *File, over *Overrides) *Recipe {
	ms := l.ms
	root := l.root(file, nil)
	if root == nil {
		return nil
	}
	if over != nil {
		for _, path := range over.Params {
			l.params(root, path)
		}
		for _, s := range over.Sets {
			applySet(root, s, ms)
		}
	}
	p := &parser{ms: ms, root: root, extends: l.extends, r: &Recipe{File: file, Files: l.files, Piped: l.piped,
		Shards: defaultShards, Settings: settings("", root)}}
	p.recipe(root)
	return p.r
}

// loader reads a recipe with the files that it extends.
type loader struct {
	ms      *Mistakes
	files   []*File
	extends bool
	piped   bool                              // the recipe came through a pipe, so it has no folder
	read    func(name string) ([]byte, error) // a file that a recipe extends
}

// maxExtends bounds a chain of recipes; no person can follow a longer one.
const maxExtends = 10

// root returns the top of a recipe, merged over what it extends; nil if that failed,
// which is then already reported. trail lists the files that led here.
func (l *loader) root(file *File, trail []string) *Value {
	l.files = append(l.files, file)
	root := Top(file, l.ms)
	if root == nil {
		return nil
	}
	i := root.index("extends")
	if i < 0 {
		return root
	}
	at := root.Fields[i].Value
	root.Fields = slices.Delete(root.Fields, i, i+1)
	l.extends = true
	base := l.base(file, at, append(trail, file.Name))
	if base == nil {
		return nil
	}
	m := merger{ms: l.ms, base: at.Text}
	m.merge(base, root, "")
	return base
}

// Top parses a file and returns its top-level map; nil if there is none, which is then
// already reported.
func Top(file *File, ms *Mistakes) *Value {
	before := ms.Added()
	root := parseValue(file, ms)
	switch {
	case root == nil && ms.Added() > before:
		return nil
	case root == nil || root.Form != Map:
		ms.Add(Pos{file, 1, 1}, "a recipe is a map with the keys name, sources and steps", "this is not a recipe")
		return nil
	}
	return root
}

// base reads the recipe that "extends:" names.
func (l *loader) base(file *File, at *Value, trail []string) *Value {
	if at.Form != Scalar || at.Tag != "!!str" || at.Text == "" {
		l.ms.Add(at.Pos, "one recipe extends one other; that one may extend a third",
			"extends: want the path of a recipe, found %s", at.describe())
		return nil
	}
	name := filepath.FromSlash(at.Text)
	if !filepath.IsAbs(name) && (len(trail) > 1 || !l.piped) {
		name = filepath.Join(filepath.Dir(file.Name), name)
	}
	for i, seen := range trail {
		if filepath.Clean(seen) == filepath.Clean(name) {
			ring := append(slices.Clone(trail[i:]), name)
			l.ms.Add(at.Pos, "", "extends: the recipe extends itself: %s", strings.Join(ring, " extends "))
			return nil
		}
	}
	if len(trail) > maxExtends {
		l.ms.Add(at.Pos, "", "extends: this is recipe %d of a chain, the limit is %d", len(trail)+1, maxExtends+1)
		return nil
	}
	text, err := l.read(name)
	if err != nil {
		l.ms.Add(at.Pos, missingHint(name, err), "extends: %s cannot be read: %v", name, reason(err))
		return nil
	}
	return l.root(&File{name, text}, trail)
}

// readFile reads a file that a recipe names. It must be a regular file, unlike the one
// that the user names: a device or a pipe might never end.
func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	return readPath(name)
}

// readSome reads slightly more than the limit, so that the parser can report it.
func readSome(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, maxBytes+1)) }

// reason is an error without its path, which the message already has.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// missingHint suggests the recipe in the same folder that was probably meant.
func missingHint(name string, err error) string {
	if !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	list, _ := os.ReadDir(filepath.Dir(name))
	var names []string
	for _, e := range list {
		if ext := filepath.Ext(e.Name()); ext == ".yaml" || ext == ".yml" {
			names = append(names, e.Name())
		}
	}
	if near := Nearest(filepath.Base(name), names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "the path is relative to the folder of the file that has it"
}

// ReadValue reads a YAML file that is no recipe, within the limits of recipes and with the same messages. It is nil
// if the file holds nothing, or if there are mistakes.
func ReadValue(path string, ms *Mistakes) (*Value, error) {
	text, err := readPath(path)
	if err != nil {
		return nil, err
	}
	return ParseValue(&File{path, text}, ms), nil
}

// ParseValue is [ReadValue] for a text that is already read.
func ParseValue(file *File, ms *Mistakes) *Value { return parseValue(file, ms) }
