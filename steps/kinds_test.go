package steps

import (
	"reflect"
	"strings"
	"testing"

	"assay/engine/step"
)

// TestKindsHaveOneForm: what every kind owes to the people who read assay kinds.
func TestKindsHaveOneForm(t *testing.T) {
	names := map[string]bool{}
	for _, k := range All() {
		if names[k.Name] {
			t.Errorf("%s: two kinds have this name", k.Name)
		}
		names[k.Name] = true
		if wrong := aboutKind(k.About); wrong != "" {
			t.Errorf("%s: About %s: %q", k.Name, wrong, k.About)
		}
		checkParams(t, k)
		checkPorts(t, k)
	}
}

// aboutKind says what is wrong with what a kind says of itself: it is a sentence in the
// imperative, without a full stop.
func aboutKind(about string) string {
	first, _, _ := strings.Cut(strings.ReplaceAll(about, "\n", " "), " ")
	switch {
	case first == "" || strings.ToUpper(first[:1]) != first[:1]:
		return "does not begin with a capital"
	case strings.HasSuffix(first, "s") && !strings.HasSuffix(first, "ss") || strings.HasSuffix(first, "ing"):
		return "is not in the imperative"
	case strings.HasSuffix(about, "."):
		return "ends with a full stop"
	case strings.Contains(about, "\n"):
		return "has more than one line"
	}
	return ""
}

// aboutField says what is wrong with the text of a parameter or port.
func aboutField(doc string) string {
	switch {
	case strings.TrimSpace(doc) != doc || doc == "":
		return "is empty or has spaces around it"
	case strings.HasSuffix(doc, "."):
		return "ends with a full stop"
	}
	return ""
}

// checkParams: each parameter is documented, and the defaults are right as far as they
// say anything; a parameter that a recipe must give is the only mistake in them.
func checkParams(t *testing.T, k *step.Kind) {
	t.Helper()
	p := k.Params()
	v := reflect.ValueOf(p).Elem()
	for _, f := range step.Fields(v) {
		if wrong := aboutField(f.Doc); wrong != "" {
			t.Errorf("%s: doc of %s %s: %q", k.Name, f.Key, wrong, f.Doc)
		}
		if f.Key != strings.ToLower(f.Key) {
			t.Errorf("%s: %s is not in lower case", k.Name, f.Key)
		}
		if len(f.OneOf) > 0 {
			words := strings.Join(f.OneOf, " ")
			if got := f.Value.String(); !strings.Contains(" "+words+" ", " "+got+" ") {
				t.Errorf("%s: the default of %s is %q, none of %s", k.Name, f.Key, got, words)
			}
		}
	}
	if c, ok := p.(step.Checker); ok && needs[k.Name] == "" {
		if err := c.Check(); err != nil {
			t.Errorf("%s: the defaults are refused: %v", k.Name, err)
		}
	} else if ok {
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), needs[k.Name]) {
			t.Errorf("%s: the defaults give %v, want %q", k.Name, err, needs[k.Name])
		}
	}
}

// needs has, for the kinds with a parameter that has no default, what says so.
var needs = map[string]string{"split": "what to hold out is missing", "exec": "say what to run"}

// checkPorts: each port is documented, unless the recipe names the ports.
func checkPorts(t *testing.T, k *step.Kind) {
	t.Helper()
	if k.Open {
		return
	}
	if len(k.Outputs) == 0 {
		t.Errorf("%s has no output", k.Name)
	}
	for _, p := range append(append([]step.Port{}, k.Inputs...), k.Outputs...) {
		if wrong := aboutField(p.About); wrong != "" {
			t.Errorf("%s: doc of port %s %s: %q", k.Name, p.Name, wrong, p.About)
		}
	}
}

// TestAboutKind: the test above can fail.
func TestAboutKind(t *testing.T) {
	for about, want := range map[string]string{
		"Train trees":    "",
		"Assess a model": "",
		"Trains trees":   "is not in the imperative",
		"Training trees": "is not in the imperative",
		"train trees":    "does not begin with a capital",
		"Train trees.":   "ends with a full stop",
		"Train\ntrees":   "has more than one line",
		"":               "does not begin with a capital",
	} {
		if got := aboutKind(about); got != want {
			t.Errorf("%q: %q, want %q", about, got, want)
		}
	}
}
