package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"assay/engine/recipe"
)

// noUnlock is the hint for whoever looks for a way to remove a stale lock.
const noUnlock = "nothing needs unlocking: the locks of a process end with it"

// verbHints returns, for verbs of make, ninja, snakemake, dvc and others, what to use here.
func verbHints() map[string]string {
	const (
		run   = "assay run RECIPE"
		plan  = "assay plan RECIPE says what would run, and why"
		graph = "assay graph RECIPE"
		show  = "assay show RECIPE lists the nodes and what each one made"
		gc    = "assay gc removes what nothing needs"
	)
	return map[string]string{
		"build": run, "make": run, "all": run, "repro": run, "exec": run, "start": run, "apply": run, "resume": run, "rerun": run,
		"st": plan, "dry-run": plan, "dryrun": plan, "explain": plan, "why": plan, "outdated": plan,
		"dag": graph, "rulegraph": graph, "viz": graph, "draw": graph, "dot": graph,
		"list": show, "ls": show, "targets": show, "tree": show, "cat": show, "query": show,
		"clean": gc, "clear": gc, "prune": gc, "rm": gc, "purge": gc,
		"log": "assay logs NODE", "history": "assay runs", "ps": "assay runs", "trace": "assay timeline",
		"check": "assay verify RECIPE compares with the lock; assay fmt --check looks at the layout", "test": "assay verify RECIPE",
		"lint": "assay plan RECIPE finds every mistake; assay fmt lays a recipe out", "validate": "assay plan RECIPE finds every mistake",
		"format": "assay fmt RECIPE", "watch": "assay run --watch RECIPE", "new": "assay init DIR", "create": "assay init DIR",
		"version": "assay --version", "steps": "assay kinds", "get": "assay export RECIPE NODE DIR", "lock": "assay run RECIPE writes the lock",
		"unlock": noUnlock, "upload": "assay push", "download": "assay pull", "fetch": "assay pull", "sync": "assay push", "metrics": "assay show --metrics RECIPE", "compare": "assay diff RECIPE",
	}
}

// flagHints returns the same for flags.
func flagHints() map[string]string {
	const (
		plan   = "assay plan RECIPE says what would run, and why"
		file   = "assay run FILE (the recipe is the first argument)"
		force  = "assay run RECIPE --force NODE runs a node again"
		cores  = "assay run RECIPE -j N"
		loud   = "assay logs NODE shows the log of a node"
		params = "assay run RECIPE --set params.NAME=VALUE, or --params FILE"
		quiet  = "redirect standard error instead: 2> FILE"
		colour = "the output has no colours"
		keep   = "assay run -k RECIPE"
		watch  = "assay run --watch RECIPE"
	)
	return map[string]string{
		"version": "assay --version", "V": "assay --version",
		"dry-run": plan, "dryrun": plan, "n": plan, "just-print": plan, "recon": plan, "dry": plan, "what-if": plan, "explain": plan, "list": plan, "l": plan,
		"f": file, "file": file, "makefile": file, "snakefile": file, "s": file, "recipe": file,
		"B": force, "always-make": force, "F": force, "forceall": force, "force": force, "forcerun": force, "R": force,
		"cores": cores, "c": cores, "parallel": cores, "p": cores, "threads": cores, "t": cores,
		"v": loud, "verbose": loud, "debug": loud, "d": loud, "printshellcmds": loud,
		"q": quiet, "quiet": quiet, "silent": quiet,
		"config": params, "P": params, "param": params, "D": params, "S": params, "set-param": params, "configfile": params,
		"k": keep, "keep-going": keep, "dag": "assay graph RECIPE", "w": watch, "watch": watch,
		"delete-all-output": "assay gc removes what nothing needs", "unlock": noUnlock,
		"json": "assay run --log-format json RECIPE; channels, du, kinds and runs have --json", "color": colour, "no-color": colour,
		"directory": "assay run RECIPE -C DIR (flags come after the verb)", "i": "assay run -k RECIPE goes on after a failure",
	}
}

// noVerb is the error for a word that is not a verb, with what it probably means.
func noVerb(word string) error {
	hint := verbHints()[strings.ToLower(word)]
	if ext := filepath.Ext(word); hint == "" && (ext == ".yaml" || ext == ".yml") {
		hint = "assay run " + word
	}
	if info, err := os.Stat(word); hint == "" && err == nil && info.Mode().IsRegular() {
		hint = "assay run " + word
	}
	if hint == "" {
		return usagef("no verb %q (%s); see: assay -h", word, recipe.Suggest(word, verbs()))
	}
	return usagef("no verb %q; %s", word, meant(hint))
}

// meant turns a hint that is a command into a question.
func meant(hint string) string {
	if strings.HasPrefix(hint, "assay ") {
		return "did you mean: " + hint
	}
	return hint
}

// flagError is the error for a wrong flag, with what it probably means.
func flagError(c *cobra.Command, err error) error {
	var unknown interface{ GetSpecifiedName() string }
	if !errors.As(err, &unknown) {
		return usagef("%w; see: %s -h", err, c.CommandPath())
	}
	name := unknown.GetSpecifiedName()
	written := "--" + name
	if len(name) == 1 {
		written = "-" + name
	}
	hint := "see: " + c.CommandPath() + " -h"
	if hasFlag(c, name) {
		return usagef("%s needs a value; %s", written, hint)
	}
	if near := nearFlag(c, name); near != "" {
		hint = "did you mean --" + near + "?"
	} else if h := flagHints()[name]; h != "" {
		hint = meant(h)
	} else if c.HasSubCommands() {
		hint = "flags come after the verb, as in: assay run RECIPE " + written + "; see: assay -h"
	}
	return usagef("%s has no flag %s; %s", c.CommandPath(), written, hint)
}

// hasFlag reports whether a command has a flag, by its long or its short name.
func hasFlag(c *cobra.Command, name string) bool {
	return c.Flags().Lookup(name) != nil || len(name) == 1 && c.Flags().ShorthandLookup(name) != nil
}

// nearFlag returns the flag of a command that a misspelt name probably means, or "".
func nearFlag(c *cobra.Command, name string) string {
	if len(name) == 1 {
		return ""
	}
	var known []string
	for line := range strings.Lines(c.Flags().FlagUsages()) {
		if _, rest, ok := strings.Cut(line, "--"); ok {
			known = append(known, strings.FieldsFunc(rest, func(r rune) bool { return r == ' ' || r == '[' || r == '\n' })[0])
		}
	}
	return recipe.Nearest(name, known)
}
