package recipe

import (
	"strings"
	"testing"
)

// Labels are part of keys and locks, so the labels here must not change.
func TestLabels(t *testing.T) {
	for text, want := range map[string]string{
		"host":                         "host",
		"{by: host, of: [a,b]}":        "host-a+b",
		"a/b c=d":                      "a_b_c_d",
		`"lr-0.1_x%+:"`:                "lr-0.1_x%+:",
		`"x[1],{y}"`:                   "x-1---y-",
		`""`:                           "_",
		`".."`:                         "_",
		`"a\\b\"c'd\te"`:               "a_b_c_d_e",
		"é":                            "é",
		"日本":                           "日本",
		"हिन्दी":                       "हिन्दी",
		"٣":                            "٣",
		`"e\u0301"`:                    "e\u0301", // not combined into one character
		`"/\u0301x"`:                   "__x",     // no letter that could carry the accent
		`"a\u202eb\u200bc"`:            "a_b_c",   // bidi, zero width
		`"a\u3164b\ufe0f"`:             "a_b_",    // an invisible letter and an invisible mark
		`"a\u00a0b\u2028c"`:            "a_b_c",
		"[ä, ö]":                       "ä+ö",
		"a／b．c＝d":                      "a_b_c_d", // full-width signs look like separators
		"🙂":                            "_",
		strings.Repeat("x", 300):       strings.Repeat("x", 300),
		strings.Repeat("é", 48):        strings.Repeat("é", 48),
		strings.Repeat("日", 100):       strings.Repeat("日", 29) + "-892b6e95",
		"a" + strings.Repeat("日", 100): "a" + strings.Repeat("日", 28) + "-99e2ba2e",
	} {
		var ms Mistakes
		n := parseValue(&File{"r.yaml", []byte(text)}, &ms)
		if n == nil {
			t.Fatal(text, ms.Err())
		}
		if got := n.Label(); got != want {
			t.Errorf("%s: label %q, want %q", text, got, want)
		}
	}
}
