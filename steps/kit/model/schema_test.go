package model

import (
	"errors"
	"strings"
	"testing"
)

func TestSchemaMatch(t *testing.T) {
	s := Schema{Features: []string{"a", "b"}, Classes: []string{"x", "y"}}
	if err := s.Match(Schema{Features: []string{"a", "b"}, Classes: []string{"x", "y"}}); err != nil {
		t.Error(err)
	}
	for want, other := range map[string]Schema{
		`feature 1 is "b" there and "c" here`: {[]string{"a", "c"}, s.Classes, ""},
		"it has 2 features, the data 3":       {[]string{"a", "b", "c"}, s.Classes, ""},
		`class 0 is "x" there and "z" here`:   {s.Features, []string{"z", "y"}, ""},
		"another meaning":                     {s.Features, s.Classes, "0123"},
	} {
		if err := s.Match(other); !errors.Is(err, ErrSchema) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want ErrSchema with %q", err, want)
		}
	}
}
