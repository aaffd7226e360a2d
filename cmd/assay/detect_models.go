package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"assay/cmd/assay/internal/plain"
	"assay/steps/kit/alarm"
	"assay/steps/kit/live"
	"assay/steps/kit/model"
	"assay/steps/kit/model/saved"
	"assay/steps/kit/score"
)

// open reads the models and the threshold, and finds out how their windows are made.
func (d *detectFlags) open(c *cobra.Command, args []string) (live.Options, error) {
	o := live.Options{
		View:     model.View(d.view),
		Grid:     model.Grid{Window: d.window.Seconds(), Stride: d.stride.Seconds()},
		Lateness: d.lateness.Seconds(), Wait: d.wait.Seconds(),
		Start: d.start, HasStart: c.Flags().Changed("start"),
	}
	o.Grid.Cures.MaxGap = d.maxGap.Seconds()
	if len(args) == 1 {
		return o, usagef("name a step of %s that trained a model, or a model with --model", plain.Printable(args[0]))
	}
	if len(args) > 1 {
		nodes := func(s *session) error { return d.openNodes(c, s, args[1:], &o) }
		if err := d.withSession(c, args, nodes); err != nil {
			return o, err
		}
	} else if err := d.storeFlags.enter(c); err != nil {
		return o, err
	}
	if err := d.openFiles(&o); err != nil {
		return o, err
	}
	if len(o.Models) == 0 {
		return o, usagef("which model? For example: assay detect --model out/model, or: " +
			"assay detect recipes/quick.yaml 'gbt[hold=sample,view=realistic]'")
	}
	if err := d.setTrigger(c, &o); err != nil {
		return o, err
	}
	return o, findCures(&o)
}

// openNodes opens the models of nodes, and the evaluation if a node is meant.
func (d *detectFlags) openNodes(c *cobra.Command, s *session, nodes []string, o *live.Options) error {
	for _, what := range nodes {
		p, err := s.pickModel(c, what)
		if err != nil {
			return err
		}
		t, err := p.tree()
		if err != nil {
			return err
		}
		m, err := saved.Open(s.store.FS(t))
		if err != nil {
			return fmt.Errorf("%s.%s: %w", p.node.Name(), p.ports[0], err)
		}
		o.Models = append(o.Models, live.Voice{Name: p.node.Name(), Model: m})
	}
	if d.eval == "" || isFile(d.eval) {
		return nil
	}
	p, err := s.pickOne(c, d.eval)
	if err != nil {
		return err
	}
	t, err := p.tree()
	if err != nil {
		return err
	}
	m, err := score.ReadMetrics(s.store.FS(t))
	if err != nil {
		return fmt.Errorf("%s: %w", p.node.Name(), err)
	}
	return d.choose(m, o)
}

func isFile(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// openFiles opens the models of --model.
func (d *detectFlags) openFiles(o *live.Options) error {
	for _, name := range d.models {
		dir, err := folderOf(name)
		if err != nil {
			return usagef("--model: %w", err)
		}
		m, err := saved.Open(os.DirFS(dir))
		if err != nil {
			return fmt.Errorf("--model %s: %w", name, err)
		}
		o.Models = append(o.Models, live.Voice{Name: m.About().Family, Model: m})
	}
	return nil
}

// folderOf returns a folder, or the folder of a file.
func folderOf(name string) (string, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return "", err
	case info.IsDir():
		return name, nil
	}
	return filepath.Dir(name), nil
}

// setTrigger sets the threshold of alarms, unless a node did.
func (d *detectFlags) setTrigger(c *cobra.Command, o *live.Options) error {
	switch {
	case o.Trigger != nil:
	case c.Flags().Changed("threshold"):
		t := alarm.NewTrigger(d.threshold)
		o.Trigger = &t
	case d.eval != "":
		dir, err := folderOf(d.eval)
		if err != nil {
			return usagef("--eval: %w; name a node together with its recipe, or a metrics.json", err)
		}
		m, err := score.ReadMetrics(os.DirFS(dir))
		if err != nil {
			return fmt.Errorf("--eval %s: %w", d.eval, err)
		}
		return d.choose(m, o)
	}
	return nil
}

// choose takes the threshold of an evaluation, which the validation part chose.
func (d *detectFlags) choose(m *score.Metrics, o *live.Options) error {
	var budgets []string
	for _, a := range m.Alarms {
		if a.Budget == d.falseAlarms {
			if a.Trigger == nil {
				return usagef("--eval: no threshold keeps to %v false alarms an hour on the validation part", a.Budget)
			}
			o.Trigger = a.Trigger
			return nil
		}
		budgets = append(budgets, fmt.Sprint(a.Budget))
	}
	return usagef("--false-alarms %v: the evaluation has thresholds for %s an hour", d.falseAlarms,
		strings.Join(budgets, ", "))
}

// findCures finds the cures of the models, which must be the same.
func findCures(o *live.Options) error {
	first := o.Grid
	for i, v := range o.Models {
		g, err := live.FindCures(v.Model.About(), o.Grid)
		switch {
		case err != nil:
			return usagef("%w", err)
		case i == 0:
			first = g
		case g.Cures != first.Cures:
			return errors.New("the models were trained with different cures; detect with one at a time")
		}
	}
	o.Grid = first
	return nil
}
