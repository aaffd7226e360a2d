package main

import (
	"os"
	"strings"
)

const (
	tokenVar  = "ASSAY_TOKEN"
	minToken  = 16
	maxToken  = 4 << 10
	tokenHelp = "a `file` with the token that whoever comes must know; without it, ASSAY_TOKEN"
)

// readToken returns the token of a file, or of the environment; "" if there is none.
func readToken(file string) (string, error) {
	text, from := os.Getenv(tokenVar), tokenVar
	if file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return "", usagef("--token-file: %w", err)
		}
		text, from = string(b), file
		if strings.TrimSpace(text) == "" {
			return "", usagef("--token-file: %s is empty; write one with: openssl rand -hex 24 > %s", file, file)
		}
	}
	text = strings.TrimSpace(text)
	if text != "" && (len(text) < minToken || len(text) > maxToken || strings.ContainsAny(text, " \t\r\n")) {
		return "", usagef("the token in %s has %d characters; want one word of %d to %d, as from: openssl rand -hex 24", from,
			len(text), minToken, maxToken)
	}
	return text, nil
}
