package plain

import (
	"math"
	"strings"
	"testing"
)

func TestTexts(t *testing.T) {
	long := strings.Repeat("é", 70)
	for _, c := range [][2]string{
		{Text("a\x1b[31m\u202eb\n", 20), "a\uFFFD[31m\uFFFDb\uFFFD"},
		{Text("abcdef", 3), "abc…"},
		{Name(""), "—"},
		{Name(long), strings.Repeat("é", MaxName) + "…"},
		{Phase("infected_running"), "infected running"},
		{strings.Join(Names([]string{"a", ""}), " "), "a —"},
		{Two(0.125), "0.12"}, {Three(math.NaN()), "–"}, {Two(math.Inf(1)), "–"},
		{Signed(0.5), "+0.500"}, {Signed(-0.5), "−0.500"}, {Signed(math.NaN()), "–"}, {Signed(-0.0001), "+0.000"},
		{Brief(0.671), ".67"}, {Brief(1), "1.00"}, {Percent(0.95), "95 %"}, {Percent(0.975), "97.5 %"},
		{Count(1, "window"), "1 window"}, {Count(2, "window"), "2 windows"},
	} {
		if c[0] != c[1] {
			t.Errorf("%q, want %q", c[0], c[1])
		}
	}
}
