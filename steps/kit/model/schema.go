package model

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"assay/steps/kit/channel"
)

// A Schema names the columns a model reads and the classes it tells apart.
type Schema struct {
	Features []string // F column names, in column order
	Classes  []string // K class names, in class order
	Meaning  string   // what the columns mean: the schema hash of the table they came from, or ""
}

// Context reports whether a model reads causal context.
func (s Schema) Context() bool { return slices.ContainsFunc(s.Features, channel.IsContext) }

// ErrSchema is wrapped by the error of [Schema.Match].
var ErrSchema = errors.New("the model was trained on another schema")

// Hash returns the SHA-256, in hex, of the meaning, an empty line, the features,
// an empty line and the classes, every entry followed by a newline.
func (s Schema) Hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n\n", s.Meaning)
	for _, f := range s.Features {
		fmt.Fprintln(h, f)
	}
	fmt.Fprintln(h)
	for _, c := range s.Classes {
		fmt.Fprintln(h, c)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Match returns nil if data of schema t may be given to a model of schema s. Otherwise
// it returns an error that wraps [ErrSchema] and names the first difference.
func (s Schema) Match(t Schema) error {
	if s.Hash() == t.Hash() {
		return nil
	}
	what := fmt.Sprintf("the columns have the same names but another meaning (%.12q there, %.12q here)", s.Meaning,
		t.Meaning)
	if !slices.Equal(s.Features, t.Features) {
		what = difference("feature", s.Features, t.Features)
	} else if !slices.Equal(s.Classes, t.Classes) {
		what = difference("class", s.Classes, t.Classes)
	}
	return fmt.Errorf("%w (%.12s, the data's is %.12s): %s; train again, or build the features it was trained on",
		ErrSchema, s.Hash(), t.Hash(), what)
}

func difference(kind string, want, got []string) string {
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			return fmt.Sprintf("%s %d is %q there and %q here", kind, i, want[i], got[i])
		}
	}
	return fmt.Sprintf("it has %d %ss, the data %d", len(want), kind, len(got))
}
