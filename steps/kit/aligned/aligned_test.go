package aligned

import "testing"

func TestText(t *testing.T) {
	rows := [][]string{{"host", "n", "note"}, {"lab-ä", "1000", ""}, {"", "7"}}
	got := Text(rows, "> ", func(column int) bool { return column != 1 })
	const want = "> host      n  note\n> lab-ä  1000\n>           7\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := Text(nil, "> ", nil); got != "" {
		t.Errorf("no rows make %q", got)
	}
}
