package pyjson

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// TestPlainNumber compares the fast readers with the slow ones.
func TestPlainNumber(t *testing.T) {
	var texts []string
	for digits := range 26 {
		for _, lead := range []string{"", "1", "9", "0", "90"} {
			whole := lead + strings.Repeat("7", digits)
			texts = append(texts, whole, whole+".", whole+".5", whole+".0"+strings.Repeat("3", digits), whole+"e5", "-"+whole, whole+"x", whole+":", whole+"/")
		}
	}
	texts = append(texts, "9223372036854775807", "9223372036854775808", "999999999999999999", "0.1", "0.30000000000000", "9007199254740993")
	for _, text := range texts {
		for _, tail := range []string{"", ",", "}", ",\"next\":1,\"more\":2345678}"} {
			b := []byte(text + tail)
			end, integer := SkipNumber(b, 0)
			v, stop := PlainNumber(b, 0)
			if skip := SkipPlainNumber(b, 0); skip != stop {
				t.Errorf("%s: read to %d, skipped to %d", b, stop, skip)
			}
			if stop == end && stop > 0 {
				if want, _ := strconv.ParseFloat(text[:end], 64); math.Float64bits(v) != math.Float64bits(want) {
					t.Errorf("%s: %v, want %v", b, v, want)
				}
			}
			if integer && end > 0 && end <= 18 && b[0] != '-' && stop != end {
				t.Errorf("%s: an integer of %d digits is not plain", b, end)
			}
			n, stop := PlainInteger(b, 0)
			want, err := strconv.ParseInt(text[:max(0, min(end, len(text)))], 10, 64)
			if integer && end > 0 && b[0] != '-' && (stop > 0) != (err == nil) || stop > 0 && stop == end && n != want {
				t.Errorf("%s: integer %d to %d, want %d to %d (%v)", b, n, stop, want, end, err)
			}
		}
	}
}
