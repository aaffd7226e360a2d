package graph

import (
	"assay/engine/graph/files"
	"assay/engine/recipe"
)

// Assemble returns a graph of nodes that were resolved before, each after those it depends on. slots are the
// recipe's named resources. Package snapshot calls it.
func Assemble(r *recipe.Recipe, nodes []*Node, slots map[string]int) *Graph {
	return &Graph{Recipe: r, Nodes: nodes, slots: slots, axes: map[string][]*Node{},
		from: &origin{data: map[string]*files.Listing{}}}
}

// Recheck reports whether what [New] checks outside the recipe still holds: where outputs and the lock lie.
func (g *Graph) Recheck() bool {
	var ms recipe.Mistakes
	b := &builder{r: g.Recipe, ms: &ms, steps: map[string]*builtStep{"": {nodes: g.Nodes}}}
	b.checkFolders()
	b.checkLock()
	return ms.Added() == 0
}
