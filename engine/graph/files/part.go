// Package files says which files of an artifact a recipe means, and which values the axes of a matrix take from
// files.
//
// A [Part] is some files of an artifact. [Parse] reads what an axis says, and [Query.Rows] returns its values from
// a [Listing], the files of a source or of an output.
package files

import (
	"fmt"
	"sort"
	"strings"

	"assay/artifacts"
	"assay/engine/glob"
	"assay/engine/recipe"
)

// A Part is some files of an artifact. They keep their names in it.
type Part struct {
	Pos     recipe.Pos // where the recipe names it
	Pattern *glob.Pattern
}

// Takes reports whether a file is in the part; nil has all files.
func (p *Part) Takes(file string) bool { return p == nil || p.Pattern.Match(file) }

// Of returns the files of an artifact that are in the part; nil has all files.
func (p *Part) Of(t artifacts.Tree) artifacts.Tree {
	if p == nil {
		return t
	}
	if p.Pattern.Exact() {
		if i, ok := t.Index(p.Pattern.Prefix()); ok {
			return t[i : i+1 : i+1]
		}
		return nil
	}
	from, _ := t.Index(p.Pattern.Prefix())
	rest := t[from:]
	to := sort.Search(len(rest), func(i int) bool { return !strings.HasPrefix(rest[i].Name, p.Pattern.Prefix()) })
	return rest[:to].Filter(p.Pattern.Match)
}

// Missing says what is wrong if the part of an artifact has no files, and what was probably meant. It
// returns "" if it has some.
func (p *Part) Missing(of string, t artifacts.Tree) (msg, hint string) {
	if p == nil || len(p.Of(t)) > 0 {
		return "", ""
	}
	text := p.Pattern.String()
	if at, _ := t.Index(text + "/"); at < len(t) && strings.HasPrefix(t[at].Name, text+"/") {
		return fmt.Sprintf("%q is a folder in %s", text, of), fmt.Sprintf("write %s/%s/** for all files below it", of, text)
	}
	names := recipe.NamesOf(t[:min(len(t), MaxNearest)], func(f artifacts.File) string { return printable(f.Name) })
	return fmt.Sprintf("%s has no file %q", of, text), recipe.Suggest(text, names)
}

// MaxNearest is among how many names the one that was meant is looked for.
const MaxNearest = 100_000

// printable returns a name without the characters that a terminal would obey.
func printable(name string) string {
	quoted := fmt.Sprintf("%q", name)
	if quoted == `"`+name+`"` {
		return name
	}
	return quoted
}
