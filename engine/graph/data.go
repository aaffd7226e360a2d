package graph

import (
	"context"
	"fmt"
	"slices"

	"assay/artifacts"
	"assay/artifacts/source"
	"assay/engine/graph/files"
	"assay/engine/recipe"
	"assay/engine/step"
)

// Data returns the names of the sources that axes take their values from.
func (g *Graph) Data() []string {
	var list []string
	for name := range g.from.data {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// CheckData returns an error if a source is no longer what the axes were taken from.
func (g *Graph) CheckData(name string, t artifacts.Tree) error {
	l := g.from.data[name]
	if l == nil {
		return nil
	}
	if !l.Is(t) {
		return fmt.Errorf("source %s changed while the recipe was read, and its axes with it; run again", name)
	}
	return nil
}

// listing returns the files that an axis takes its values from; nil if there is a mistake, or if step s has to
// wait until they are made.
func (b *builder) listing(s *builtStep, a recipe.Axis) *files.Listing {
	ref := a.Data.From
	switch {
	case ref.Port != "":
		return b.outputOf(s, a)
	case b.hasSource(ref.Step):
		return b.sourceListing(a, ref.Step)
	case b.steps[ref.Step] != nil:
		b.resolve(ref) // says which outputs there are
		return nil
	}
	b.ms.Add(ref.Pos, recipe.Suggest(ref.Step, b.sources()), "axis %s: no source is named %q", a.Name, ref.Step)
	return nil
}

// sourceListing returns the files of a source. It lists them once, even if the graph grows.
func (b *builder) sourceListing(a recipe.Axis, name string) *files.Listing {
	if l := b.from.data[name]; l != nil {
		return l
	}
	i := slices.IndexFunc(b.r.Sources, func(s recipe.Source) bool { return s.Name == name })
	if b.r.Sources[i].Path == "" {
		return nil // reported when it was parsed
	}
	src, err := source.List(context.Background(), b.r.Sources[i].Path)
	if err != nil {
		b.ms.Add(b.r.Sources[i].Pos, "axis "+a.Name+" takes its values from it", "source %s: %s", name, step.Plain(err))
		return nil
	}
	b.from.data[name] = files.OfSource(name, src)
	return b.from.data[name]
}
