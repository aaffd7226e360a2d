package files

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"assay/artifacts"
	"assay/engine/glob"
	"assay/engine/recipe"
	"assay/engine/step"
)

// A Query says which values an axis takes from files.
type Query struct {
	Names []string // of the axis, or of several that are joined

	axis    recipe.Axis
	ms      *recipe.Mistakes
	tables  []Table
	capture *glob.Capture // files and folders: the pattern of their names
	part    *Part         // lines and column: the file; nil if it is the only one
	name    string        // of a column
}

// Parse reads what an axis says of files, which need not be there yet. env has the values of every ${name}, tables
// are formats besides CSV and TSV. It returns nil if there is a mistake, which it adds to ms, as Rows does.
func Parse(a recipe.Axis, env recipe.Env, tables []Table, ms *recipe.Mistakes) *Query {
	q := &Query{Names: []string{a.Name}, axis: a, ms: ms, tables: tables}
	ref := a.Data.From
	if a.Data.How == "files" || a.Data.How == "folders" {
		if q.capture = ref.Capture(a.Name, env, ms); q.capture == nil {
			return nil
		}
		if q.Names = q.capture.Names; !slices.Contains(q.Names, a.Name) {
			q.mistake(a.Data.Pos, "name the axis "+q.Names[0]+", or write {"+a.Name+"} in the pattern",
				"the pattern has the names %s", "{"+strings.Join(q.Names, "}, {")+"}")
			return nil
		}
		return q
	}
	if ref.HasPath() {
		q.part = &Part{Pos: ref.Pos, Pattern: ref.Path(env, ms)}
		if q.part.Pattern == nil {
			return nil
		}
	}
	if a.Data.How == "column" {
		name := recipe.Resolve(a.Data.Column, env, ms)
		if q.name = name.Text; name.Form != recipe.Scalar {
			q.mistake(a.Data.Pos, "", "want the name of one column")
			return nil
		}
	}
	return q
}

// Rows returns the values of the axes, row by row, sorted, each row once. Without rows, there is a mistake that is
// reported.
func (q *Query) Rows(l *Listing) [][]string {
	var rows [][]string
	if q.capture != nil {
		rows = q.namedRows(l)
	} else {
		rows = q.valueRows(l)
	}
	if len(rows) > maxRows {
		q.mistake(q.axis.Data.Pos, "name fewer", "more than 100,000 values of %s", l.name)
		return nil
	}
	return rows
}

// valueRows returns the lines of a file, or the values in a column.
func (q *Query) valueRows(l *Listing) [][]string {
	file, text := q.file(l)
	if file == "" {
		return nil
	}
	var seen distinct
	var err error
	if q.axis.Data.How == "column" {
		err = q.column(file, text, seen.add)
	} else {
		lines(text, seen.add)
	}
	rows, of := seen.rows(), q.in(l, file)
	switch {
	case err != nil:
		q.mistake(q.axis.Data.Pos, "", "%s: %v", of, err)
		return nil
	case seen.tooMany():
		q.mistake(q.axis.Data.Pos, "name fewer", "%s has more than 100,000 values, or 64 MiB", of)
		return nil
	case len(rows) == 0:
		q.mistake(q.axis.Data.Pos, "give it some, or list the values here", "%s has no values", of)
	}
	return rows
}

// in names a file for messages: with the output, if a step made it.
func (q *Query) in(l *Listing, file string) string {
	if l.src == nil {
		return l.name + "/" + printable(file)
	}
	return file
}

// namedRows returns what the names in a pattern stand for in the names of files or folders.
func (q *Query) namedRows(l *Listing) [][]string {
	candidates := recipe.NamesOf(l.tree, func(f artifacts.File) string { return f.Name })
	if q.axis.Data.How == "folders" {
		candidates = folders(candidates)
	}
	var rows [][]string
	for _, name := range candidates {
		if row := q.capture.Values(name); row != nil {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		known := recipe.NamesOf(candidates[:min(len(candidates), MaxNearest)], printable)
		q.mistake(q.axis.Data.Pos, recipe.Suggest(q.capture.String(), known), "no %s of %s match %q", q.axis.Data.How,
			l.name, q.capture.String())
	}
	return Sorted(rows)
}

// folders returns all folders that files lie in.
func folders(files []string) []string {
	seen := map[string]bool{}
	var list []string
	for _, f := range files {
		for dir := path.Dir(f); dir != "." && !seen[dir]; dir = path.Dir(dir) {
			seen[dir] = true
			list = append(list, dir)
		}
	}
	slices.Sort(list)
	return list
}

// file reads the one file that holds the values of an axis. Without a name, there is a mistake.
func (q *Query) file(l *Listing) (name string, text []byte) {
	ref := q.axis.Data.From
	found := q.part.Of(l.tree)
	if len(found) != 1 {
		msg, hint := q.part.Missing(l.name, l.tree)
		if msg == "" {
			msg, hint = fmt.Sprintf("%s is %d files", ref, len(found)), "name the file that has the values"
		}
		q.mistake(ref.Pos, hint, "%s", msg)
		return "", nil
	}
	text, err := l.content(found[0])
	if err != nil {
		q.mistake(ref.Pos, "", "%s", step.Plain(err))
		return "", nil
	}
	return found[0].Name, text
}

// mistake adds a mistake about the axis.
func (q *Query) mistake(pos recipe.Pos, hint, format string, args ...any) {
	q.ms.Add(pos, hint, "axis %s: %s", q.axis.Name, fmt.Sprintf(format, args...))
}
