package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is how many characters of a name are shown.
const maxName = 60

// plain makes a text safe for a terminal or a page. Characters that do not print (escape
// sequences, line ends, marks that change the direction of writing) become U+FFFD, and
// the text is cut after a number of characters.
func plain(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > most {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}

// name is plain for a name; an empty one becomes a dash.
func name(s string) string {
	if s == "" {
		return "—"
	}
	return plain(s, maxName)
}

func names(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = name(s)
	}
	return out
}
