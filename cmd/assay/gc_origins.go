package main

import (
	"fmt"
	"strings"

	"assay/artifacts"
	"assay/artifacts/care"
	"assay/cmd/assay/internal/plain"
	"assay/engine/journal"
)

// origins says what the results that would go were made for, as far as the
// journals of past runs know it. Without them the list has only kinds and keys.
func (g *gc) origins(lost []care.Lost) map[artifacts.Digest]string {
	keys := map[string]bool{}
	for _, l := range lost {
		keys[l.Key.String()] = true
	}
	known, err := journal.Origins(runsDir(g.storeFlags.store), keys)
	if err != nil {
		fmt.Fprintf(g.err, "note  what the results were made for is not known: %s\n", plain.PrintableLines(err.Error()))
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

// maxOrigin keeps the columns behind it on the screen.
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
