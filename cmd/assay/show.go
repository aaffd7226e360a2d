package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"assay/artifacts"
	"assay/cmd/assay/internal/plain"
	"assay/engine"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/engine/step"
)

// newShow makes the verb show.
func newShow() *cobra.Command {
	var o options
	var m metricsFlags
	c := &cobra.Command{
		Use:   "show RECIPE [NODE | NODE.OUTPUT | NODE.OUTPUT/FILE] | --metrics RECIPE [STATE]",
		Short: "show nodes, how they were made, and their files",
		Long: `show lists the nodes of a recipe and what each one made. Given a node, it prints the
text of its action (whose SHA-256 is the key) and the files that it made. Given an
output, it lists the files as sha256sum does. Given a file, it prints the file. It runs
nothing, and says what is not in the store.

With --metrics, show prints the scores of the models with their confidence intervals: one
table for each view, with a row for each model and a column for each split. It reads them
from the evaluations in the store, of the recipe as it is now or of another state: a git
revision, a lock file or a run, named as for assay diff.`,
		Args: atMost(2, "show takes a recipe and one node, output or file"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := m.check(c); err != nil {
				return err
			}
			if m.on {
				if o.address != "" {
					return usagef("show --metrics reads the store alone; fetch what it lacks with: assay pull RECIPE")
				}
				o.remoteFlags = remoteFlags{}
				return m.run(c, &o, args)
			}
			return o.withSession(c, args, func(s *session) error { return s.show(c, args[1:]) })
		},
	}
	o.register(c)
	o.registerRemote(c)
	m.register(c)
	return c
}

// show lists the nodes, or shows the node, output or file that is named.
func (s *session) show(c *cobra.Command, what []string) error {
	rs, plan, err := s.inspect(c.Context(), s.graph)
	if err != nil {
		return err
	}
	if len(what) == 0 {
		return s.showNodes(rs, plan)
	}
	return s.showOne(c.Context(), rs, what[0])
}

// showNodes lists the nodes with their states and artifacts.
func (s *session) showNodes(rs *engine.Results, plan []engine.Planned) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NODE\tKIND\tSTATE\tARTIFACTS")
	for _, p := range plan {
		var made []string
		for _, port := range p.Node.Outputs {
			if t, ok := rs.Outcomes[p.Node].Outputs[port.Name]; ok {
				made = append(made, port.Name+" "+t.Digest().Short())
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", p.Node.Name(), p.Node.Kind, p.State, strings.Join(made, ", "))
	}
	for _, l := range rs.Graph.Later {
		fmt.Fprintf(w, "%s\t%s\tunknown\t%s\n", l.Step, l.Kind, unknownBecause(l))
	}
	return w.Flush()
}

// showOne shows a node, an output or a file.
func (s *session) showOne(ctx context.Context, rs *engine.Results, what string) error {
	node, rest := splitTarget(what)
	found, err := rs.Graph.Find(node)
	if err != nil {
		return &usageError{err}
	}
	if len(found) > 1 && rest != "" {
		return usagef("%s matches %d nodes; name one, such as '%s'", node, len(found), found[0].Name())
	}
	for _, n := range found {
		o, err := s.made(rs, n)
		if err != nil {
			return err
		}
		port, file, _ := strings.Cut(rest, "/")
		switch {
		case rest == "":
			err = s.showNode(ctx, n, o)
		case file == "":
			err = s.showOutput(n, o, port)
		default:
			err = s.showFile(ctx, n, o, port, file)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// made returns the outcome of a node whose results are in the store.
func (s *session) made(rs *engine.Results, n *graph.Node) (*engine.Outcome, error) {
	o := rs.Outcomes[n]
	if o.Outputs == nil {
		return nil, fmt.Errorf("%s is not in the store; make it with: assay run %s '%s'", n.Name(), s.file, n.Name())
	}
	return o, nil
}

// splitTarget cuts "gbt[last=20%,x=a.b].model/f.json" into the node and the rest. Labels may
// contain dots.
func splitTarget(what string) (node, rest string) {
	from := max(0, strings.Index(what, "]"))
	head, tail, ok := strings.Cut(what[from:], ".")
	if !ok {
		return what, ""
	}
	return what[:from] + head, tail
}

// showNode prints the actions of a node and the files of its outputs.
func (s *session) showNode(ctx context.Context, n *graph.Node, o *engine.Outcome) error {
	for _, t := range o.Outputs {
		if err := s.fetch(ctx, t); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.out, "node %s\nkey %s\n", n.Name(), o.Key)
	for _, key := range o.Keys() {
		rec, err := s.store.Record(key)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "\n%s", rec.Text)
	}
	for _, p := range n.Outputs {
		t := o.Outputs[p.Name]
		fmt.Fprintf(s.out, "\n%s.%s %s, %s\n", n.Name(), p.Name, t.Digest(), plain.Plural(len(t), "file"))
		if err := s.listFiles(t); err != nil {
			return err
		}
	}
	return nil
}

// listFiles prints size, digest and name of each file.
func (s *session) listFiles(t artifacts.Tree) error {
	for _, f := range t {
		st, err := os.Stat(s.store.Path(f.Digest))
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%10d  %s  %s\n", st.Size(), f.Digest.Short(), f.Name)
	}
	return nil
}

// output returns an output of a node.
func (s *session) output(n *graph.Node, o *engine.Outcome, port string) (artifacts.Tree, error) {
	t, ok := o.Outputs[port]
	if !ok {
		names := recipe.NamesOf(n.Outputs, func(p step.Port) string { return p.Name })
		return nil, usagef("%s has no output %q (%s)", n.Name(), port, recipe.Suggest(port, names))
	}
	return t, nil
}

func (s *session) showOutput(n *graph.Node, o *engine.Outcome, port string) error {
	t, err := s.output(n, o, port)
	if err != nil {
		return err
	}
	_, err = s.out.Write(t.Text())
	return err
}

// showFile prints a file of an output.
func (s *session) showFile(ctx context.Context, n *graph.Node, o *engine.Outcome, port, file string) error {
	t, err := s.output(n, o, port)
	if err != nil {
		return err
	}
	d, ok := t.Lookup(file)
	if !ok {
		return usagef("%s.%s has no file %s; list them with: assay show %s '%s.%s'", n.Name(), port,
			file, s.file, n.Name(), port)
	}
	if err := s.fetch(ctx, artifacts.Tree{{Name: file, Digest: d}}); err != nil {
		return err
	}
	f, err := os.Open(s.store.Path(d))
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(s.out, f)
	return err
}
