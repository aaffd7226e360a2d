package engine

import (
	"errors"
	"fmt"
	"strings"

	"assay/artifacts"
	"assay/engine/graph"
)

// A RunError says what failed in a run that went on after failures, and what
// was skipped for that reason.
type RunError struct {
	Failed  []error             // each names its node
	Blocked map[string][]string // the nodes not run, by the node that failed
}

// Error lists the failures, each followed by what it blocks.
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

// blockedError says that a node cannot run since one it needs failed or was
// blocked itself.
type blockedError struct {
	by      *graph.Node
	blocked bool // by was
}

func (e *blockedError) Error() string {
	if e.blocked {
		return e.by.Name() + " was skipped"
	}
	return e.by.Name() + " failed"
}

// nodeError says which node an error is of.
type nodeError struct {
	node *graph.Node
	what string
	err  error
}

func (e *nodeError) Error() string { return e.what + ": " + e.err.Error() }
func (e *nodeError) Unwrap() error { return e.err }

// nameOf names an action by its node, and by its shard if there are several.
func (r *run) nameOf(n *graph.Node, k int) string {
	if n.Sharded(r.g.Recipe.Shards) {
		return n.Name() + ", " + artifacts.ShardDir(k, r.g.Recipe.Shards)
	}
	return n.Name()
}

// failures returns what went wrong in a run that kept going, nil if nothing did.
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
	if len(out.Failed) == 0 {
		return nil
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
