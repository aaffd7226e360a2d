package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"assay/artifacts"
	"assay/artifacts/source"
	"assay/engine/recipe"
	"assay/engine/step"
)

// A Listing is what axes took from a source when the graph was made. A run must find the same.
type Listing struct {
	src  *source.Source
	read map[string]artifacts.Digest // files whose content was looked at
}

// Data returns the names of the sources that axes take their values from.
func (g *Graph) Data() []string {
	var list []string
	for name := range g.data {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// CheckData returns an error if a source is no longer what the axes were taken from.
func (g *Graph) CheckData(name string, t artifacts.Tree) error {
	l := g.data[name]
	if l == nil {
		return nil
	}
	same := slices.EqualFunc(l.src.Tree, t, func(a, b artifacts.File) bool { return a.Name == b.Name })
	for file, d := range l.read {
		now, _ := t.Lookup(file)
		same = same && now == d
	}
	if !same {
		return fmt.Errorf("source %s changed while the recipe was read, and its axes with it; run again", name)
	}
	return nil
}

// listing returns the files of the source that an axis takes its values from; nil if there is a mistake.
func (b *builder) listing(a recipe.Axis) *Listing {
	ref := a.Data.From
	if ref.Port != "" || !b.hasSource(ref.Step) {
		b.ms.Add(ref.Pos, recipe.Suggest(ref.Step, b.sources()), "axis %s: no source is named %q", a.Name,
			strings.TrimSuffix(ref.Step+"."+ref.Port, "."))
		return nil
	}
	if l := b.data[ref.Step]; l != nil {
		return l
	}
	i := slices.IndexFunc(b.r.Sources, func(s recipe.Source) bool { return s.Name == ref.Step })
	if b.r.Sources[i].Path == "" {
		return nil // reported when it was parsed
	}
	src, err := source.List(context.Background(), b.r.Sources[i].Path)
	if err != nil {
		b.ms.Add(b.r.Sources[i].Pos, "axis "+a.Name+" takes its values from it", "source %s: %s", ref.Step, step.Plain(err))
		return nil
	}
	b.data[ref.Step] = &Listing{src: src, read: map[string]artifacts.Digest{}}
	return b.data[ref.Step]
}
