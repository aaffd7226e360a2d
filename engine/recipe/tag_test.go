package recipe

import (
	"strings"
	"testing"
)

func TestTags(t *testing.T) {
	for text, want := range map[string]string{
		"a: !env HOME":                              "r.yaml:1:4: recipes do not know the tag !env (in exec, ",
		"a: !include x.yaml":                        `r.yaml:1:4: recipes do not know the tag !include ("extends: FILE"`,
		"a: [!!binary aGk=]":                        "r.yaml:1:5: recipes do not know the tag !!binary (remove it; ",
		"a: !!set {x: null}":                        "r.yaml:1:4: recipes do not know the tag !!set",
		"a: !!timestamp 2001-01-01":                 "r.yaml:1:4: recipes do not know the tag !!timestamp",
		"a: !<tag:example.org,2000:x> y":            "r.yaml:1:4: recipes do not know the tag tag:example.org,2000:x",
		"%TAG !e! tag:example.org:\n---\na: !e!x 1": "recipes do not know the tag tag:example.org:x",
		"!env a: 1":                                 "r.yaml:1:1: recipes do not know the tag !env",
		"a: &x !env b\nc: *x":                       "r.yaml:1:4: recipes do not know the tag !env",
		"a: !!int many":                             "r.yaml:1:4: the value does not match its tag !!int",
		"a: !!bool maybe":                           "r.yaml:1:4: the value does not match its tag !!bool",
		"a: !!str [x]":                              "r.yaml:1:4: the value does not match its tag !!str",
		"a: !!map x":                                "r.yaml:1:4: the value does not match its tag !!map",
		"!recipe\nsteps: {}":                        "recipes do not know the tag !recipe",
		"a: !!str 12":                               "",
		"a: !!int 12":                               "",
		"a: !!int \"12\"":                           "",
		"a: !!float 12":                             "",
		"a: [!!null ~, !!bool true, !!float .5]":    "",
		"a: !!seq [!!map {b: ! c}]":                 "",
		"a: !<tag:yaml.org,2002:str> x":             "",
		"a: &x [1]\nb: *x":                          "",
	} {
		var ms Mistakes
		n := parseValue(&File{"r.yaml", []byte(text)}, &ms)
		got := ""
		if err := ms.Err(); err != nil {
			got = err.Error()
		}
		if (n == nil) != (want != "") || !strings.Contains(got, want) || want == "" && got != "" || strings.Contains(got, "\n") {
			t.Errorf("%q: %v, %s", text, n, got)
		}
	}
}

// TestADateIsAText checks that a recipe treats what YAML 1.1 calls a timestamp as text.
func TestADateIsAText(t *testing.T) {
	var ms Mistakes
	n := parseValue(&File{"r.yaml", []byte("a: 2001-01-01")}, &ms).Get("a")
	if n.Tag != "!!str" || n.Text != "2001-01-01" {
		t.Errorf("%s %q", n.Tag, n.Text)
	}
}
