package table

import (
	"strings"
	"testing"
)

func TestTornBoots(t *testing.T) {
	row := func(host, episode, boot string, part Part) AssignmentRow {
		return AssignmentRow{Key: Key{host, episode}, Boot: boot, Part: part}
	}
	for name, c := range map[string]struct {
		rows []AssignmentRow
		want string
	}{
		"none":     {nil, ""},
		"whole":    {[]AssignmentRow{row("a", "1", "a/1", Train), row("a", "2", "a/1", Train), row("a", "3", "a/2", Test)}, ""},
		"excluded": {[]AssignmentRow{row("a", "1", "a/1", Train), row("a", "2", "a/1", Excluded)}, ""},
		"no names": {[]AssignmentRow{row("a", "1", "", Train), row("a", "2", "", Test)}, ""},
		"by host":  {[]AssignmentRow{row("a", "1", "1", Train), row("b", "2", "1", Test)}, ""},
		"torn": {[]AssignmentRow{row("a", "1", "a/1", Train), row("a", "2", "a/1", Test), row("a", "3", "a/1", Test), row("b", "4", "1", Validation),
			row("b", "5", "1", Train)}, "boots of VMs that have episodes in two parts: 2, such as a/1;"},
	} {
		a := Assignment{Rows: c.rows}
		if got := a.TornBoots(); !strings.HasPrefix(got, c.want) || (c.want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
