// Package profile reads what a site says of its cluster: a YAML file that fits all recipes.
// [Load] reads one, [Profile.For] says what a step gets. Nothing in it is part of a key.
package profile

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"assay/engine/step"
)

// A Profile is what is said of a cluster. The zero value does not work; use [Default].
type Profile struct {
	Site
	Env         []string      `json:"env"`         // variables that jobs take over
	Head        []string      `json:"head"`        // steps that run in the head
	Commands    string        `json:"commands"`    // the folder of sbatch and the others; "" is PATH
	Array       int           `json:"array"`       // most tasks of one array; below MaxArraySize of the site
	AtOnce      int           `json:"at_once"`     // most tasks of one array that run at once; 0 is no limit
	Submissions int           `json:"submissions"` // most a minute
	Retries     int           `json:"retries"`     // how often a job is tried again that the cluster failed
	Poll        step.Duration `json:"poll"`        // from one squeue to the next
	Grace       step.Duration `json:"grace"`       // how late a result may come after its job, by a slow file system
	Beat        step.Duration `json:"beat"`        // how often a job says that it is alive
	Group       step.Duration `json:"group"`       // jobs that are shorter share a task that lasts this long
	Tiny        step.Duration `json:"tiny"`        // jobs that take no longer all together run in the head
	Gres        []Gres        `json:"-"`           // slots of recipes that the cluster has
	Steps       []Step        `json:"-"`           // in the order written
}

// A Site is what all steps get, or some.
type Site struct {
	Partition string        `json:"partition"`
	Account   string        `json:"account"`
	QOS       string        `json:"qos"`
	Time      step.Duration `json:"time"`   // of a step without a timeout
	Memory    step.Size     `json:"memory"` // of a step that asks for none
	Flags     []string      `json:"flags"`  // more flags of sbatch

	Together int `json:"together"` // how many jobs share a task; 0 is as their durations say
}

// A Gres is a slot of recipes that stands for something of the cluster.
type Gres struct {
	Slot string
	Gres string `json:"gres"` // "gpu:a100"
	Have int    `json:"have"` // how many a run may take at once
}

// A Step says what the steps whose names match a pattern get.
type Step struct {
	Pattern string
	Site
}

// Default returns the profile of a site that says nothing.
func Default() *Profile {
	return &Profile{
		Env: []string{"PATH", "HOME", "LANG"}, Array: 1000, Submissions: 20, Retries: 3,
		Poll: step.Duration(15 * time.Second), Grace: step.Duration(90 * time.Second),
		Beat: step.Duration(10 * time.Second), Group: step.Duration(30 * time.Second),
		Tiny: step.Duration(5 * time.Second),
	}
}

// For returns what a step gets: what the site says, and over it each pattern that fits.
func (p *Profile) For(name string) Site {
	s := p.Site
	s.Flags = slices.Clone(s.Flags)
	for _, o := range p.Steps {
		if ok, _ := path.Match(o.Pattern, name); ok {
			s.over(o.Site)
		}
	}
	return s
}

func (s *Site) over(o Site) {
	s.Partition = cmp.Or(o.Partition, s.Partition)
	s.Account, s.QOS = cmp.Or(o.Account, s.Account), cmp.Or(o.QOS, s.QOS)
	if o.Time > 0 {
		s.Time = o.Time
	}
	if o.Memory > 0 {
		s.Memory = o.Memory
	}
	if o.Together > 0 {
		s.Together = o.Together
	}
	s.Flags = append(s.Flags, o.Flags...)
}

// Args returns the flags of sbatch for a site and slots of a recipe.
func (p *Profile) Args(s Site, slots map[string]int) []string {
	var args []string
	for _, f := range []struct{ flag, value string }{{"--partition", s.Partition}, {"--account", s.Account}, {"--qos", s.QOS}} {
		if f.value != "" {
			args = append(args, f.flag+"="+f.value)
		}
	}
	var gres []string
	for _, g := range p.Gres {
		if n := slots[g.Slot]; n > 0 {
			gres = append(gres, fmt.Sprintf("%s:%d", g.Gres, n))
		}
	}
	if len(gres) > 0 {
		args = append(args, "--gres="+strings.Join(gres, ","))
	}
	return append(args, s.Flags...)
}

// InHead reports whether a step runs in the head.
func (p *Profile) InHead(name string) bool {
	return slices.ContainsFunc(p.Head, func(pattern string) bool {
		ok, _ := path.Match(pattern, name)
		return ok
	})
}
