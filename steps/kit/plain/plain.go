// Package plain makes names and numbers of data safe and fit to show. Names of hosts,
// profiles and reasons come from recordings and are not to be trusted. Call [Text] or
// [Name] for texts, [Two] and the like for numbers.
package plain

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName is how many characters of a name are shown.
const MaxName = 60

// Text makes a text safe for a terminal or a page. Characters that do not print (escape
// sequences, line ends, marks that change the direction of writing) become U+FFFD, and
// the text is cut after a number of characters.
func Text(s string, most int) string {
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

// Name is Text for a name; an empty one becomes a dash.
func Name(s string) string {
	if s == "" {
		return "—"
	}
	return Text(s, MaxName)
}

// Names is Name for each of a list.
func Names(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = Name(s)
	}
	return out
}

// Phase returns a class as words, "infected running".
func Phase(s string) string { return strings.ReplaceAll(Name(s), "_", " ") }

// Two and Three print a number with so many decimals, a dash where there is none.
func Two(x float64) string   { return Decimals(x, 2) }
func Three(x float64) string { return Decimals(x, 3) }

// Decimals prints a number with n decimals, a dash where there is none.
func Decimals(x float64, n int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	return strconv.FormatFloat(x, 'f', n, 64)
}

// Signed prints a difference with its sign; one that rounds to 0 has a plus.
func Signed(x float64) string {
	text := Three(x)
	if digits, below := strings.CutPrefix(text, "-"); below && strings.Trim(digits, "0.") != "" {
		return "−" + digits
	} else if text != "–" {
		return "+" + digits
	}
	return text
}

// Count prints a number of things, "1 window" or "2 windows".
func Count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}

// Brief prints a number from 0 to 1 with two decimals and without its leading 0.
func Brief(x float64) string { return strings.TrimPrefix(Two(x), "0") }

// Percent prints a share, "95 %".
func Percent(share float64) string {
	return strconv.FormatFloat(math.Round(share*1e4)/100, 'f', -1, 64) + " %"
}

// Itoa prints a whole number.
func Itoa(n int) string { return strconv.Itoa(n) }
