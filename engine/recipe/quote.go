package recipe

import "strings"

// quoted returns a value as words of a shell: a scalar as one word, a list of scalars as
// one word each. It returns false for any other value.
func quoted(n *Value) (string, bool) {
	list := []*Value{n}
	if n.Form == List {
		list = n.Items
	}
	words := make([]string, len(list))
	for i, item := range list {
		if item.Form != Scalar {
			return "", false
		}
		words[i] = Quote(item.Text)
	}
	return strings.Join(words, " "), true
}

// plainSigns are the characters, besides letters and digits, that need no quoting in a
// shell.
const plainSigns = "_-./,:@%+="

// Quote returns a text as one word of a POSIX shell, in quotes only where it needs them.
func Quote(text string) string {
	plain := func(r rune) bool {
		return r < 0x80 && (r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' ||
			strings.ContainsRune(plainSigns, r))
	}
	if text != "" && strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
