package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"assay/engine/step"
)

// TestHintsNameVerbs checks that the hints name only verbs that exist.
func TestHintsNameVerbs(t *testing.T) {
	command := regexp.MustCompile(`\bassay ([a-z-]+)`)
	for _, hints := range []map[string]string{verbHints(), flagHints()} {
		for word, hint := range hints {
			for _, m := range command.FindAllStringSubmatch(hint, -1) {
				if m[1] != "--version" && !slices.Contains(verbs(), m[1]) {
					t.Errorf("%s: %s", word, hint)
				}
			}
		}
	}
	for word := range verbHints() {
		if slices.Contains(verbs(), word) {
			t.Errorf("%s is a verb", word)
		}
	}
}

// TestVerbsAreAll checks that the list of verbs is complete.
func TestVerbsAreAll(t *testing.T) {
	var names []string
	for _, c := range newRoot().Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	want := slices.Sorted(slices.Values(verbs()))
	if got := slices.Sorted(slices.Values(names)); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestFlagsNameTheirValue checks that the word in back-quotes in each flag's help is the name of
// the flag's value.
func TestFlagsNameTheirValue(t *testing.T) {
	flag := regexp.MustCompile(`--([a-z-]+) (\S+)  `)
	word := regexp.MustCompile(`^[a-z]+(=[a-z]+)?$`)
	no := strings.Fields("or and a the of in to int string stringArray")
	seen := 0
	for _, c := range newRoot().Commands() {
		text := c.Flags().FlagUsages()
		for _, m := range flag.FindAllStringSubmatch(text, -1) {
			if seen++; !word.MatchString(m[2]) || slices.Contains(no, m[2]) {
				t.Errorf("assay %s --%s takes %q", c.Name(), m[1], m[2])
			}
		}
		if strings.Contains(text, "`") {
			t.Errorf("assay %s: %s", c.Name(), text)
		}
	}
	if seen < 20 {
		t.Errorf("only %d flags take a value", seen)
	}
}

// TestFlagsWithoutTheirValue gives flags without their values.
func TestFlagsWithoutTheirValue(t *testing.T) {
	for line, want := range map[string]string{
		"run r.yaml -C":           "-C needs a value; see: assay run -h",
		"run r.yaml --set":        "--set needs a value; see: assay run -h",
		"gc --keep":               "--keep needs a value; see: assay gc -h",
		"run r.yaml --sett":       "assay run has no flag --sett; did you mean --set?",
		"run r.yaml --watch=soon": `invalid argument "soon" for "--watch" flag: "soon" is neither true nor false; see: assay run -h`,
	} {
		c := newRoot()
		c.SetArgs(strings.Fields(line))
		if err := c.Execute(); err == nil || step.Plain(err) != want {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
