package profile

import (
	"path"
	"slices"
	"strings"
	"time"

	"assay/engine/recipe"
	"assay/engine/step"
)

// Load reads a profile. Mistakes come back as one error, see [recipe.MistakesIn].
func Load(file string) (*Profile, error) {
	var ms recipe.Mistakes
	v, err := recipe.ReadValue(file, &ms)
	if err != nil {
		return nil, err
	}
	p := parse(v, &ms)
	return p, ms.Err()
}

// Parse is Load for a text.
func Parse(name string, text []byte) (*Profile, error) {
	var ms recipe.Mistakes
	p := parse(recipe.ParseValue(&recipe.File{Name: name, Text: text}, &ms), &ms)
	return p, ms.Err()
}

func parse(v *recipe.Value, ms *recipe.Mistakes) *Profile {
	p := Default()
	if v == nil {
		return p
	}
	if v.Form != recipe.Map {
		ms.Add(v.Pos, "write lines such as \"partition: long\"", "this is not a profile of a cluster")
		return p
	}
	rest := *v
	rest.Fields = nil
	for _, f := range v.Fields {
		switch f.Key {
		case "steps":
			p.steps(f.Value, ms)
		case "gres":
			p.gres(f.Value, ms)
		default:
			rest.Fields = append(rest.Fields, f)
		}
	}
	recipe.Decode(&rest, p, ms)
	p.check(v, ms)
	return p
}

// steps reads "steps:", patterns with what they get.
func (p *Profile) steps(v *recipe.Value, ms *recipe.Mistakes) {
	if v.Form != recipe.Map {
		ms.Add(v.Pos, `write "train-*": {partition: gpu}`, "steps: want patterns of steps with what they get")
		return
	}
	for _, f := range v.Fields {
		if _, err := path.Match(f.Key, ""); err != nil {
			ms.Add(f.Pos, "* stands for any letters", "%q is not a pattern", f.Key)
		}
		s := Step{Pattern: f.Key}
		recipe.Decode(f.Value, &s.Site, ms)
		checkFlags(f.Value, s.Flags, ms)
		if s.Together < 0 {
			ms.Add(f.Value.Pos, "", "together: want 0 or more")
		}
		p.Steps = append(p.Steps, s)
	}
}

// gres reads "gres:", slots with what they are.
func (p *Profile) gres(v *recipe.Value, ms *recipe.Mistakes) {
	if v.Form != recipe.Map {
		ms.Add(v.Pos, `write gpu: {gres: "gpu:a100", have: 8}`, "gres: want slots of recipes with what they are here")
		return
	}
	for _, f := range v.Fields {
		g := Gres{Slot: f.Key, Gres: f.Key, Have: 1}
		recipe.Decode(f.Value, &g, ms)
		if g.Have < 0 || g.Gres == "" || strings.ContainsAny(g.Gres, " ,=\n") {
			ms.Add(f.Value.Pos, `write gpu: {gres: "gpu:a100", have: 8}`, "%s: want the name of a resource, and 0 or more", f.Key)
		}
		p.Gres = append(p.Gres, g)
	}
}

// maxArray is what Slurm itself allows at most.
const maxArray = 4_000_000

// check finds values that make no sense.
func (p *Profile) check(v *recipe.Value, ms *recipe.Mistakes) {
	checkFlags(v, p.Flags, ms)
	for _, r := range []struct {
		key             string
		value, from, to int
	}{
		{"array", p.Array, 1, maxArray}, {"at_once", p.AtOnce, 0, maxArray}, {"submissions", p.Submissions, 1, 6000},
		{"retries", p.Retries, 0, 20},
	} {
		if r.value < r.from || r.value > r.to {
			ms.Add(at(v, r.key), "", "%s: want %d to %d", r.key, r.from, r.to)
		}
	}
	if p.Poll < step.Duration(100*time.Millisecond) {
		ms.Add(at(v, "poll"), "15s is kind to the controller", "poll: want 100ms or more")
	}
	if p.Beat < step.Duration(100*time.Millisecond) || p.Beat > step.Duration(10*time.Minute) {
		ms.Add(at(v, "beat"), "", "beat: want 100ms to 10m")
	}
	if p.Grace < 0 || p.Group < 0 || p.Tiny < 0 || p.Time < 0 {
		ms.Add(v.Pos, "", "grace, group, tiny and time: want 0s or more")
	}
	for _, name := range p.Env {
		if name == "" || strings.ContainsAny(name, "=, \n") {
			ms.Add(at(v, "env"), "write names only, [PATH, HOME]", "env: %q is not the name of a variable", name)
		}
	}
	for _, pattern := range p.Head {
		if _, err := path.Match(pattern, ""); err != nil {
			ms.Add(at(v, "head"), "* stands for any letters", "%q is not a pattern", pattern)
		}
	}
}

func at(v *recipe.Value, key string) recipe.Pos {
	if f := v.Get(key); f != nil {
		return f.Pos
	}
	return v.Pos
}

// reserved are flags that assay sets itself.
var reserved = []string{"-a", "--array", "-J", "--job-name", "-o", "--output", "-e", "--error", "--requeue", "--no-requeue",
	"--wrap", "-D", "--chdir", "--parsable", "-W", "--wait", "--export", "-n", "--ntasks", "-N", "--nodes", "--open-mode"}

// checkFlags refuses flags that would break what assay relies on.
func checkFlags(v *recipe.Value, flags []string, ms *recipe.Mistakes) {
	for _, f := range flags {
		name, _, _ := strings.Cut(f, "=")
		switch {
		case !strings.HasPrefix(f, "-") || strings.ContainsAny(f, "\n\x00"):
			ms.Add(at(v, "flags"), `write each flag with its value: ["--constraint=avx2"]`, "flags: %q is not a flag of sbatch", f)
		case slices.Contains(reserved, name):
			ms.Add(at(v, "flags"), "", "flags: assay sets %s itself", name)
		}
	}
}
