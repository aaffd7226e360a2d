package main

import (
	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/engine"
	"assay/engine/graph"
)

// picked is a node whose results are in the store, and all its outputs or one of them.
type picked struct {
	node    *graph.Node
	outcome *engine.Outcome
	ports   []string
}

// pick finds NODE[.OUTPUT]. NODE may match several nodes.
func (s *session) pick(c *cobra.Command, what string) ([]picked, error) {
	rs, _, err := s.inspect(c.Context(), s.graph)
	if err != nil {
		return nil, err
	}
	name, port := splitTarget(what)
	found, err := rs.Graph.Find(name)
	if err != nil {
		return nil, &usageError{err}
	}
	var out []picked
	for _, n := range found {
		made, err := s.made(rs, n)
		if err != nil {
			return nil, err
		}
		p := picked{node: n, outcome: made}
		for _, o := range n.Outputs {
			if port == "" || o.Name == port {
				p.ports = append(p.ports, o.Name)
			}
		}
		if len(p.ports) == 0 {
			_, err := s.output(n, p.outcome, port)
			return nil, err
		}
		for _, port := range p.ports {
			if err := s.fetch(c.Context(), made.Outputs[port]); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// tree returns the artifact; if there are several, each below the name of its port.
func (p picked) tree() (artifacts.Tree, error) {
	if len(p.ports) == 1 {
		return p.outcome.Outputs[p.ports[0]], nil
	}
	var parts []artifacts.Tree
	for _, port := range p.ports {
		parts = append(parts, p.outcome.Outputs[port].Under(port))
	}
	return artifacts.Union(parts...)
}

// pickOne finds NODE[.OUTPUT], which may match one node only.
func (s *session) pickOne(c *cobra.Command, what string) (picked, error) {
	list, err := s.pick(c, what)
	if err != nil {
		return picked{}, err
	}
	if len(list) > 1 {
		return picked{}, usagef("%s matches %d nodes; name one, such as '%s'", what, len(list), list[0].node.Name())
	}
	return list[0], nil
}
