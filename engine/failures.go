package engine

import (
	"errors"
	"fmt"
	"strings"

	"assay/artifacts"
	"assay/engine/graph"
)

// A RunError says what failed in a run that kept going after failures, and which nodes were
// skipped for that reason.
type RunError struct {
	Failed  []error             // each names its node
	Blocked map[string][]string // the skipped nodes, by the node that failed
}

// Error lists the failures, each with the nodes that it blocks.
func (e *RunError) Error() string {
	var b strings.Builder
	blocked := 0
	for _, list := range e.Blocked {
		blocked += len(list)
	}
	fmt.Fprintf(&b, "%d failed, %d skipped", len(e.Failed), blocked)
	for _, err := range e.Failed {
		fmt.Fprintf(&b, "\n  %s", strings.ReplaceAll(err.Error(), "\n", "\n  "))
		var f *nodeError
		if errors.As(err, &f) && len(e.Blocked[f.node.Name()]) > 0 {
			fmt.Fprintf(&b, "\n    blocks %s", strings.Join(e.Blocked[f.node.Name()], ", "))
		}
	}
	return b.String()
}

// Unwrap returns the failures.
func (e *RunError) Unwrap() []error { return e.Failed }

// blockedError says that a node cannot run because a node that it needs failed or was
// skipped.
type blockedError struct {
	by      *graph.Node // the node that it needs
	blocked bool        // by was skipped, and did not fail
}

// Error implements error.
func (e *blockedError) Error() string {
	if e.blocked {
		return e.by.Name() + " was skipped"
	}
	return e.by.Name() + " failed"
}

// nodeError is an error with the node in which it happened. It is already reported.
type nodeError struct {
	node *graph.Node
	what string // the node's name, with the shard if there are several
	err  error
}

// Error implements error.
func (e *nodeError) Error() string { return e.what + ": " + e.err.Error() }

// Unwrap returns the error without the node.
func (e *nodeError) Unwrap() error { return e.err }

// Began reports whether an error is that of a run which had begun, and not of what was checked before it. A mistake
// of a recipe may be found that late, in the values of an axis that a step makes.
func Began(err error) bool {
	var at *nodeError
	var all *RunError
	return errors.As(err, &at) || errors.As(err, &all)
}

// nameOf returns the name of action k of a node: the node's, with the shard if there are
// several.
func (r *run) nameOf(n *graph.Node, k int) string {
	if n.Sharded(r.g.Recipe.Shards) {
		return n.Name() + ", " + artifacts.ShardDir(k, r.g.Recipe.Shards)
	}
	return n.Name()
}

// failures returns the failures of a run that kept going as one error, or nil.
func (r *run) failures() error {
	out := &RunError{Blocked: map[string][]string{}}
	for _, n := range r.g.Nodes {
		var blocked *blockedError
		switch err := r.outcome[n].err; {
		case err == nil:
		case errors.As(err, &blocked):
			root := r.root(n)
			out.Blocked[root.Name()] = append(out.Blocked[root.Name()], n.Name())
		default:
			out.Failed = append(out.Failed, err)
		}
	}
	r.blockedLater(out)
	if len(out.Failed) == 0 {
		return r.unknown()
	}
	return out
}

// root returns the node whose failure keeps n from running.
func (r *run) root(n *graph.Node) *graph.Node {
	var blocked *blockedError
	for errors.As(r.outcome[n].err, &blocked) {
		n = blocked.by
	}
	return n
}
