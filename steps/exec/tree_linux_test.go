package exec

import "testing"

func TestMentions(t *testing.T) {
	for env, want := range map[string]bool{
		"":                             false,
		"HOME=/w/a-1":                  true,
		"HOME=/w/a-1\x00PATH=/bin":     true,
		"TMPDIR=/w/a-1/tmp\x00":        true,
		"PATH=/w/a-1:/bin":             true,
		"HOME=/w/a-12\x00":             false,
		"HOME=/w/a-12\x00X=/w/a-1\x00": true,
	} {
		if mentions([]byte(env), "/w/a-1") != want {
			t.Errorf("%q: %v", env, !want)
		}
	}
	if mentions([]byte("X=\x00"), "") {
		t.Error("no path is mentioned")
	}
}
