package synth

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A content is the files of an episode, by name.
type content map[string][]byte

// lines returns the lines of a file with their ends.
func (c content) lines(name string) []string {
	return strings.SplitAfter(strings.TrimSuffix(string(c[name]), "\n"), "\n")
}

// faulty plays episode n and returns its content before and after a trait, and the one
// file that it changed, "" if there are none or several.
func faulty(t *testing.T, n int, do func(*wreck)) (before, after content, changed string) {
	t.Helper()
	r, err := newRecorder()
	if err != nil {
		t.Fatal(err)
	}
	w := r.play(newPlan(Defaults(), n))
	snapshot := func() content {
		c := content{}
		for _, e := range w.entries() {
			c[e.name] = bytes.Clone(e.data)
		}
		return c
	}
	before = snapshot()
	do(w)
	after = snapshot()
	var names []string
	for name := range before {
		if b, ok := after[name]; !ok || !bytes.Equal(b, before[name]) {
			names = append(names, name)
		}
	}
	if len(names) == 1 {
		changed = names[0]
	}
	return before, after, changed
}

// numbers returns the numbers after a key, line by line.
func numbers(lines []string, key string) []int64 {
	var list []int64
	for _, m := range regexp.MustCompile(`"`+key+`":(-?\d+)`).FindAllStringSubmatch(strings.Join(lines, ""), -1) {
		n, _ := strconv.ParseInt(m[1], 10, 64)
		list = append(list, n)
	}
	return list
}

// sameLines reports whether two files have the same lines, in any order.
func sameLines(a, b []string) bool {
	sorted := func(list []string) string {
		for i := range list {
			list[i] = strings.TrimSuffix(list[i], "\n")
		}
		return strings.Join(slices.Sorted(slices.Values(list)), "\n")
	}
	return sorted(slices.Clone(a)) == sorted(slices.Clone(b))
}

// broken counts the lines that are no JSON.
func broken(lines []string) int {
	n := 0
	for _, l := range lines {
		if !json.Valid([]byte(l)) {
			n++
		}
	}
	return n
}

// falls reports whether a number is below the one before it.
func falls(list []int64) bool { return !slices.IsSorted(list) }

// faults says, for each trait that changes the content of an episode, what it leaves:
// b and a are the lines of the changed file before and after.
var faults = map[string]func(b, a []string) bool{
	"rows_unordered": func(b, a []string) bool {
		return sameLines(a, b) && falls(numbers(a, "t_mono_ns")) && !falls(numbers(b, "t_mono_ns"))
	},
	"rows_twice": func(b, a []string) bool {
		return len(a) > len(b) && sameLines(slices.Compact(slices.Clone(a)), b)
	},
	"spaced": func(b, a []string) bool {
		return len(a) == len(b) && broken(a) == 0 && strings.ReplaceAll(strings.Join(a, ""), " ", "") == strings.Join(b, "")
	},
	"crlf": func(b, a []string) bool {
		return strings.ReplaceAll(strings.Join(a, "")+"\n", "\r\n", "\n") == strings.Join(b, "")+"\n"
	},
	"rows_torn": func(b, a []string) bool {
		return len(a) == len(b) && broken(a) > 0 && broken(a) < len(a)/4
	},
	"clock_null": func(b, a []string) bool {
		return strings.Contains(strings.Join(a, ""), `"t_wall_ns":null,`) && len(a) == len(b)
	},
	"number_text":       func(b, a []string) bool { return strings.Contains(strings.Join(a, ""), `":"12"`) },
	"number_not_finite": func(b, a []string) bool { return strings.Contains(strings.Join(a, ""), `":NaN`) },
	"counter_reset": func(b, a []string) bool {
		return falls(numbers(a, "minor_faults")) && !falls(numbers(b, "minor_faults"))
	},
	"gap": func(b, a []string) bool {
		return len(a) < len(b)*3/4 && a[0] == b[0] && a[len(a)-1] == b[len(b)-1]
	},
	"tail_lost": func(b, a []string) bool {
		return len(a) == len(b)*3/4 && slices.Equal(a[:len(a)-1], b[:len(a)-1])
	},
	"source_missing": func(b, a []string) bool { return a == nil },
	"source_empty":   func(b, a []string) bool { return a[0] == "" },
	"sample_unknown": func(b, a []string) bool {
		return strings.Contains(a[0], `"profile":""`) && !strings.Contains(b[0], `"profile":""`)
	},
	"clock_jump": func(b, a []string) bool {
		wall := numbers(a, "t_wall_ns")
		deepest := int64(0)
		for i := 1; i < len(wall); i++ {
			deepest = max(deepest, wall[i-1]-wall[i])
		}
		return len(a) == len(b) && deepest > 6e9 && deepest < 9e9
	},
	"labels_phase": func(b, a []string) bool {
		return len(a) == len(b) && strings.Contains(a[len(a)-1], `"phase":"warmup"`)
	},
	"labels_order": func(b, a []string) bool { return sameLines(a, b) && falls(numbers(a, "t_mono_ns")) },
	"labels_torn":  func(b, a []string) bool { return a[0] == "" },
	"done_missing": func(b, a []string) bool { return a == nil },
	"other_host":   func(b, a []string) bool { return strings.Contains(a[0], `"host_id":"elsewhere"`) },
}

// TestFaults: each trait changes one file, and in the way that its name says.
func TestFaults(t *testing.T) {
	met := maps.Clone(faults)
	for _, tr := range traits() {
		check, ok := faults[tr.name]
		if !ok {
			continue
		}
		delete(met, tr.name)
		for _, n := range []int{3, 8, 21} {
			before, after, changed := faulty(t, n, tr.do)
			if changed == "" {
				t.Errorf("%s, episode %d: it does not change one file", tr.name, n)
				continue
			}
			var a []string
			if _, ok := after[changed]; ok {
				a = after.lines(changed)
			}
			if !check(before.lines(changed), a) {
				t.Errorf("%s, episode %d: %s is not as it should be:\n%.600s", tr.name, n, changed, after[changed])
			}
		}
	}
	for name := range met {
		t.Errorf("there is no trait %s", name)
	}
}

// TestPackedFaults: the traits that are about the file as a whole.
func TestPackedFaults(t *testing.T) {
	r, err := newRecorder()
	if err != nil {
		t.Fatal(err)
	}
	pack := func(do func(*wreck)) (file, sidecar []byte) {
		w := r.play(newPlan(Defaults(), 3))
		do(w)
		file, sidecar, err := r.pack(w)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Clone(file), sidecar
	}
	clean, sum := pack(func(*wreck) {})
	for name, check := range map[string]func(file, sidecar []byte) bool{
		"cut": func(file, sidecar []byte) bool {
			return len(file) < len(clean) && bytes.HasPrefix(clean, file) && !bytes.Equal(sidecar, sum)
		},
		"sidecar_missing": func(file, sidecar []byte) bool { return bytes.Equal(file, clean) && sidecar == nil },
		"sidecar_mismatch": func(file, sidecar []byte) bool {
			return bytes.Equal(file, clean) && len(sidecar) == len(sum) && !bytes.Equal(sidecar, sum)
		},
		"capture": func(file, sidecar []byte) bool { return len(file) > len(clean) },
	} {
		i := slices.IndexFunc(traits(), func(tr trait) bool { return tr.name == name })
		if i < 0 {
			t.Errorf("there is no trait %s", name)
			continue
		}
		if file, sidecar := pack(traits()[i].do); !check(file, sidecar) {
			t.Errorf("%s: %d bytes of %d, checksum %q", name, len(file), len(clean), sidecar)
		}
	}
}

// TestSpoil: a messy episode lists one to three traits, each once, in their order; every
// trait is drawn; and what spoils an episode leaves the others as they are.
func TestSpoil(t *testing.T) {
	var order []string
	for _, tr := range traits() {
		order = append(order, tr.name)
	}
	r, err := newRecorder()
	if err != nil {
		t.Fatal(err)
	}
	p := Defaults()
	p.Duration = minDuration
	drawn := map[string]int{}
	for n := range 400 {
		w := r.play(newPlan(p, n))
		w.spoil()
		names := w.meta.Host.Traits
		at := -1
		for _, name := range names {
			i := slices.Index(order, name)
			if i <= at {
				t.Errorf("episode %d: traits %q are not in their order", n, names)
			}
			at = i
			drawn[name]++
		}
		if len(names) < 1 || len(names) > 3 {
			t.Errorf("episode %d has the traits %q", n, names)
		}
	}
	for _, name := range order {
		if drawn[name] == 0 {
			t.Errorf("%s was never drawn", name)
		}
	}
	if drawn["rows_torn"] < 3*drawn["labels_torn"] {
		t.Errorf("shares are not kept: %v", drawn)
	}
}

func TestReplaceNumber(t *testing.T) {
	for _, c := range []struct{ row, key, with, want string }{
		{`{"a":1,"b":2}`, `"a":`, "NaN", `{"a":NaN,"b":2}`},
		{`{"a":1,"b":2}`, `"b":`, `"12"`, `{"a":1,"b":"12"}`},
		{`{"l":[3]}`, `"l":[`, "4", `{"l":[4]}`},
		{`{"a":1}`, `"c":`, "0", `{"a":1}`},
		{`{"a":1`, `"a":`, "0", `{"a":1`},
		{``, `"a":`, "0", ``},
	} {
		row := []byte(c.row)
		if got := string(replaceNumber(row, c.key, c.with)); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.row, c.key, got, c.want)
		}
		if string(row) != c.row {
			t.Errorf("%s was changed to %s", c.row, row)
		}
	}
}
