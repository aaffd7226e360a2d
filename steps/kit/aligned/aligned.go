// Package aligned writes tables for a terminal. Call [Text].
package aligned

import (
	"strings"
	"unicode/utf8"
)

// Text returns rows in columns that are two spaces apart, each line after an indent. left
// reports whether a column begins at its left; the others, which are numbers, end at
// their right.
func Text(rows [][]string, indent string, left func(column int) bool) string {
	var width []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := indent
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if left(i) {
				line += cell + pad + "  "
			} else {
				line += pad + cell + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
