package graph

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"assay/artifacts"
	"assay/engine/recipe"
	"assay/engine/step"
)

// dataRows returns the names of the axes and their values, row by row. Without rows, there is a mistake.
func (b *builder) dataRows(a recipe.Axis) (names []string, rows [][]string) {
	l := b.listing(a)
	if l == nil {
		return nil, nil
	}
	if a.Data.How == "files" || a.Data.How == "folders" {
		return b.namedRows(a, l)
	}
	file, text := b.dataFile(a, l)
	if text == nil {
		return nil, nil
	}
	var err error
	if a.Data.How == "lines" {
		rows = lines(text)
	} else {
		rows, err = tableColumn(file, text, recipe.Resolve(a.Data.Column, b.env, b.ms))
	}
	switch {
	case err != nil:
		b.ms.Add(a.Data.Pos, "", "axis %s: %s: %v", a.Name, file, err)
		return nil, nil
	case len(rows) == 0:
		b.ms.Add(a.Data.Pos, "give it some, or list the values here", "axis %s: %s has no values", a.Name, file)
	}
	return []string{a.Name}, sortedRows(rows)
}

// namedRows returns what the names in a pattern stand for in the names of files or folders.
func (b *builder) namedRows(a recipe.Axis, l *Listing) ([]string, [][]string) {
	c := a.Data.From.Capture(a.Name, b.env, b.ms)
	if c == nil {
		return nil, nil
	}
	if !slices.Contains(c.Names, a.Name) {
		b.ms.Add(a.Data.Pos, "name the axis "+c.Names[0]+", or write {"+a.Name+"} in the pattern",
			"axis %s: the pattern has the names %s", a.Name, allNames(c.Names))
		return nil, nil
	}
	candidates := recipe.NamesOf(l.src.Tree, func(f artifacts.File) string { return f.Name })
	if a.Data.How == "folders" {
		candidates = folders(candidates)
	}
	var rows [][]string
	for _, name := range candidates {
		if row := c.Values(name); row != nil {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		known := recipe.NamesOf(candidates[:min(len(candidates), maxNearest)], printable)
		b.ms.Add(a.Data.Pos, recipe.Suggest(c.String(), known), "axis %s: no %s of %s match %q", a.Name, a.Data.How,
			a.Data.From.Step, c.String())
	}
	return c.Names, sortedRows(rows)
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

// maxData bounds the file that an axis takes its values from.
const maxData = 64 << 20

// dataFile reads the one file that holds the values of an axis.
func (b *builder) dataFile(a recipe.Axis, l *Listing) (file string, text []byte) {
	ref := a.Data.From
	part := &Part{Pos: ref.Pos}
	if ref.HasPath() {
		if part.Pattern = ref.Path(b.env, b.ms); part.Pattern == nil {
			return "", nil
		}
	} else {
		part = nil
	}
	found := part.Of(l.src.Tree)
	if len(found) != 1 {
		msg, hint := part.Missing(ref.Step, l.src.Tree)
		if msg == "" {
			msg, hint = fmt.Sprintf("%s is %d files", ref, len(found)), "name the file that has the values"
		}
		b.ms.Add(ref.Pos, hint, "axis %s: %s", a.Name, msg)
		return "", nil
	}
	file = found[0].Name
	text, err := l.src.Read(file, maxData)
	if err != nil {
		b.ms.Add(ref.Pos, "", "axis %s: %s", a.Name, step.Plain(err))
		return "", nil
	}
	l.read[file] = artifacts.Of(text)
	return file, append([]byte{}, text...)
}

// lines returns the lines that are not empty, without space around them.
func lines(text []byte) [][]string {
	var rows [][]string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" {
			rows = append(rows, []string{line})
		}
	}
	return rows
}

// tableColumn returns the values in a column of a CSV or TSV file with a line of names. Empty ones are left
// out.
func tableColumn(file string, text []byte, name *recipe.Value) ([][]string, error) {
	if name.Form != recipe.Scalar {
		return nil, errors.New("want the name of one column")
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	switch path.Ext(file) {
	case ".csv":
	case ".tsv":
		r.Comma = '\t'
	default:
		return nil, errors.New("want a table in CSV or TSV, a file named .csv or .tsv")
	}
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("the line of names: %w", err)
	}
	at := slices.Index(head, name.Text)
	if at < 0 {
		return nil, fmt.Errorf("no column is named %q (%s)", name.Text, recipe.Suggest(name.Text, head))
	}
	var rows [][]string
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		if row[at] != "" {
			rows = append(rows, []string{row[at]})
		}
	}
}
