package recipe

import "testing"

func TestSuggest(t *testing.T) {
	known := []string{"run", "plan", "verify", "validate"}
	for got, want := range map[string]string{
		"rnu":     `did you mean "run"?`,
		"valdate": `did you mean "validate"?`,
		"verfy":   `did you mean "verify"?`,
		"xyz":     "known: run, plan, verify, validate",
	} {
		if hint := Suggest(got, known); hint != want {
			t.Errorf("%s: %s, want %s", got, hint, want)
		}
	}
	if Suggest("x", nil) != "there are none" {
		t.Error("no names")
	}
}
