package main

import (
	"fmt"
	"strings"

	"assay/artifacts"
	"assay/artifacts/care"
	"assay/cmd/assay/internal/plain"
	"assay/engine/journal"
)

// origins says what the results were made for that would be removed, as far as the journals
// of past runs know. Without journals the list has only kinds and keys.
func (g *gc) origins(lost []care.Lost) map[artifacts.Digest]string {
	keys := map[string]bool{}
	for _, l := range lost {
		keys[l.Key.String()] = true
	}
	known, err := journal.Origins(runsDir(g.storeFlags.store), keys)
	if err != nil {
		fmt.Fprintf(g.err, "note  cannot tell what the results were made for: %s\n", plain.PrintableLines(err.Error()))
	}
	out := map[artifacts.Digest]string{}
	for _, l := range lost {
		out[l.Key] = "-"
		if o, ok := known[l.Key.String()]; ok {
			out[l.Key] = originText(o)
		}
	}
	return out
}

// maxOrigin is how many characters an origin takes at most, so that the table fits a screen.
const maxOrigin = 64

// originText says what an action was for: "fit[by=one] of r.yaml".
func originText(o journal.Origin) string {
	words := append([]string{o.Node, "of", o.Recipe}, o.With...)
	text := []rune(plain.Printable(plain.FirstLine(strings.Join(words, " "))))
	if len(text) > maxOrigin {
		text = append(text[:maxOrigin-1], '…')
	}
	return string(text)
}
