package table

import (
	"strings"
	"testing"
)

func TestSampleDigest(t *testing.T) {
	const good = "8a9dfca6781415ee26d20bfb83e6e634607d4259e948dc5f146234580b997a6d"
	for text, want := range map[string]string{
		good:                             good,
		strings.ToUpper(good):            good,
		"8A" + good[2:]:                  good,
		"":                               "",
		"unknown":                        "",
		"n/a":                            "",
		strings.Repeat("0", 64):          "",
		strings.Repeat("f", 64):          "",
		digestOfNothing:                  "",
		strings.ToUpper(digestOfNothing): "",
		good[:63]:                        "",
		good[:62]:                        "",
		good + "00":                      "",
		"sha256:" + good:                 "",
		" " + good:                       "",
		good[:63] + "g":                  "",
		strings.Repeat("ab", 32):         strings.Repeat("ab", 32),
	} {
		if got := SampleDigest(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
