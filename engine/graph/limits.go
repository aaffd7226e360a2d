package graph

import (
	"maps"
	"slices"
	"time"

	"assay/engine/recipe"
	"assay/engine/step"
)

// Limits say how a node is run. They are not part of a key and do not affect the outputs.
type Limits struct {
	Need    Need
	Growth  float64       // by what the memory is multiplied whenever an execution is tried again; 1 if not said
	Retries int           // how often a failed execution is tried again
	Timeout time.Duration // of one execution; 0 is no limit
}

// A Need is what one execution takes of the machine.
type Need struct {
	CPU    int            // cores; at least 1
	Memory int64          // bytes
	Slots  map[string]int // of the recipe's own "slots:"
}

// maxRetries is more than any temporary fault needs.
const maxRetries = 20

// maxGrowth is more than makes sense: tenfold with every try.
const maxGrowth = 10

// Grown returns what an execution takes when it is tried again for the given time, from 1; 0
// is the first try.
func (l Limits) Grown(try int) Need {
	n := l.Need
	memory := float64(n.Memory)
	for range try {
		memory = float64(memory * max(l.Growth, 1))
	}
	n.Memory = int64(min(memory, 1<<62))
	return n
}

// limits decodes "resources:", "retries:" and "timeout:" of a step.
func (b *builder) limits(s *builtStep) Limits {
	r := Limits{Need: Need{CPU: 1}, Growth: 1}
	for _, f := range s.recipe.Running {
		v := recipe.Resolve(f.Value, b.env, b.ms)
		if !v.Known() {
			continue
		}
		switch f.Key {
		case "resources":
			b.need(&r, v)
		case "retries":
			recipe.Decode(v, &r.Retries, b.ms)
			if r.Retries < 0 || r.Retries > maxRetries {
				b.ms.Add(v.Pos, "", "retries: want 0 to %d", maxRetries)
			}
		case "timeout":
			var d step.Duration
			recipe.Decode(v, &d, b.ms)
			if r.Timeout = time.Duration(d); d < 0 {
				b.ms.Add(v.Pos, "", "timeout: want more than 0s")
			}
		}
	}
	return r
}

// need reads what one execution takes of the machine. Resources that are not named keep
// their value.
func (b *builder) need(l *Limits, v *recipe.Value) {
	n := &l.Need
	if v.Form != recipe.Map {
		b.ms.Add(v.Pos, "write {cpu: 2, memory: 4GiB}", "resources: want \"name: amount\" lines")
		return
	}
	for _, f := range v.Fields {
		switch f.Key {
		case "cpu":
			recipe.Decode(f.Value, &n.CPU, b.ms)
			if n.CPU < 1 {
				b.ms.Add(f.Value.Pos, "", "cpu: want 1 or more")
			}
		case "memory":
			var size step.Size
			recipe.Decode(f.Value, &size, b.ms)
			n.Memory = int64(size)
		case "memory_growth":
			recipe.Decode(f.Value, &l.Growth, b.ms)
			if l.Growth < 1 || l.Growth > maxGrowth {
				b.ms.Add(f.Value.Pos, "", "memory_growth: want 1 to %d", maxGrowth)
			}
		default:
			b.needSlot(n, f)
		}
	}
}

// needSlot reads how much of a named resource an execution takes; the recipe says how
// much there is.
func (b *builder) needSlot(n *Need, f recipe.Field) {
	have, ok := b.slots[f.Key]
	if !ok {
		known := append([]string{"cpu", "memory", "memory_growth"}, slices.Sorted(maps.Keys(b.slots))...)
		b.ms.Add(f.Pos, recipe.Suggest(f.Key, known)+"; others are named under \"slots:\" at the top of the recipe",
			"no resource %q", f.Key)
		return
	}
	var want int
	recipe.Decode(f.Value, &want, b.ms)
	if want < 0 || want > have {
		b.ms.Add(f.Value.Pos, "", "%s: want 0 to %d, the number of slots there are", f.Key, have)
		return
	}
	if n.Slots == nil {
		n.Slots = map[string]int{}
	}
	n.Slots[f.Key] = want
}

// slotsOf returns the recipe's named resources.
func (b *builder) slotsOf() map[string]int {
	out := map[string]int{}
	for _, f := range b.r.Slots {
		var n int
		recipe.Decode(f.Value, &n, b.ms)
		if n < 0 {
			b.ms.Add(f.Value.Pos, "", "slots: want 0 or more of %s", f.Key)
		}
		out[f.Key] = n
	}
	return out
}

// Slots returns how much there is of each named resource of the recipe.
func (g *Graph) Slots() map[string]int { return maps.Clone(g.slots) }

// Clamp lowers a need to the total capacity: an execution that asks for more than the
// machine has runs alone.
func (n Need) Clamp(all Need) Need {
	n.CPU = min(max(n.CPU, 1), all.CPU)
	n.Memory = min(n.Memory, all.Memory)
	return n
}

// Clone returns a copy of n with a map of its own.
func (n Need) Clone() Need {
	n.Slots = maps.Clone(n.Slots)
	return n
}
