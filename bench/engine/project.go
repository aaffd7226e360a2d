// Package engine measures assay against other engines on one graph: N tiny
// commands in ten layers, each copying the file of the one below it.
//
// Run it with: go test -bench . -benchtime 1x -timeout 1h ./bench/engine
// Peers that are not installed are left out, and it says so. Figures that were
// seen are in bench/README.md.
package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// layers is the depth of the graph.
const layers = 10

// A peer is an engine and how it is told of the graph.
type peer struct {
	name    string
	command []string                        // brings the graph up to date
	file    string                          // what it reads
	write   func(b *strings.Builder, w int) // writes that file for a width
	slow    bool                            // one run of each kind is enough waiting
	adopt   []string                        // takes outputs that are there for its own: a cold run takes too long
}

// node names the output file of a node, or its source.
func node(layer, i int) string {
	if layer < 0 {
		return fmt.Sprintf("src/%d", i)
	}
	return fmt.Sprintf("out/%d_%d", layer, i)
}

// each calls f for every node with its input and output.
func each(width int, f func(layer, i int, in, out string)) {
	for l := range layers {
		for i := range width {
			f(l, i, node(l-1, i), node(l, i))
		}
	}
}

// setUp writes the project of a peer into dir.
func (p peer) setUp(dir string, width int) error {
	for _, sub := range []string{"src", "out"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
			return err
		}
	}
	for i := range width {
		if err := os.WriteFile(filepath.Join(dir, node(-1, i)), fmt.Appendf(nil, "leaf %d\n", i), 0o666); err != nil {
			return err
		}
	}
	var b strings.Builder
	p.write(&b, width)
	return os.WriteFile(filepath.Join(dir, p.file), []byte(b.String()), 0o666)
}

// peers returns the engines that are compared, assay first.
func peers(assay string, jobs int) []peer {
	j := fmt.Sprint(jobs)
	return []peer{
		{name: "assay", command: []string{assay, "run", "r.yaml", "-j", j}, file: "r.yaml", write: assayRecipe},
		{name: "make", command: []string{"make", "-s", "-j", j}, file: "Makefile", write: makefile},
		{name: "ninja", command: []string{"ninja", "--quiet", "-j", j}, file: "build.ninja", write: ninjaFile},
		{name: "go-task", command: []string{"task", "--silent", "--concurrency", j}, file: "Taskfile.yml",
			write: taskfile},
		{name: "doit", command: []string{"doit", "-n", j, "-v", "0"}, file: "dodo.py", write: doitFile},
		{name: "snakemake", command: []string{"snakemake", "-q", "-c", j}, file: "Snakefile", write: snakefile,
			slow: true},
		{name: "dvc", command: []string{"dvc", "repro", "-q"}, file: "dvc.yaml", write: dvcFile, slow: true,
			adopt: []string{"dvc", "commit", "-q", "-f"}},
	}
}

func assayRecipe(b *strings.Builder, w int) {
	b.WriteString("name: bench\nsources:\n")
	for i := range w {
		fmt.Fprintf(b, "  f%d: src/%d\n", i, i)
	}
	b.WriteString("steps:\n")
	each(w, func(l, i int, _, _ string) {
		from, file := fmt.Sprintf("f%d", i), fmt.Sprint(i)
		if l > 0 {
			from, file = fmt.Sprintf("s%d_%d.o", l-1, i), fmt.Sprintf("%d_%d", l-1, i)
		}
		// Each file has a name of its own: equal actions would be executed once.
		fmt.Fprintf(b, "  s%d_%d: {uses: exec, in: {a: %s}, with: {run: [cp, in/a/%s, out/o/%d_%d], outputs: [o]}}\n",
			l, i, from, file, l, i)
	})
}

func makefile(b *strings.Builder, w int) {
	b.WriteString("all:")
	for i := range w {
		b.WriteString(" " + node(layers-1, i))
	}
	b.WriteString("\n")
	each(w, func(_, _ int, in, out string) { fmt.Fprintf(b, "%s: %s\n\tcp %s %s\n", out, in, in, out) })
}

func ninjaFile(b *strings.Builder, w int) {
	b.WriteString("rule cp\n  command = cp $in $out\n")
	each(w, func(_, _ int, in, out string) { fmt.Fprintf(b, "build %s: cp %s\n", out, in) })
}

func taskfile(b *strings.Builder, w int) {
	b.WriteString("version: '3'\ntasks:\n  default:\n    deps:\n")
	for i := range w {
		fmt.Fprintf(b, "      - t%d_%d\n", layers-1, i)
	}
	each(w, func(l, i int, in, out string) {
		fmt.Fprintf(b, "  t%d_%d:\n", l, i)
		if l > 0 {
			fmt.Fprintf(b, "    deps: [t%d_%d]\n", l-1, i)
		}
		fmt.Fprintf(b, "    sources: [%s]\n    generates: [%s]\n    cmds: ['cp %s %s']\n", in, out, in, out)
	})
}

func doitFile(b *strings.Builder, w int) {
	fmt.Fprintf(b, `def task_copy():
    for l in range(%d):
        for i in range(%d):
            a = 'src/%%d' %% i if l == 0 else 'out/%%d_%%d' %% (l - 1, i)
            o = 'out/%%d_%%d' %% (l, i)
            yield {'name': '%%d_%%d' %% (l, i), 'file_dep': [a], 'targets': [o], 'actions': ['cp %%s %%s' %% (a, o)]}
`, layers, w)
}

func snakefile(b *strings.Builder, w int) {
	fmt.Fprintf(b, `W = %d
L = %d
rule all:
    input: ['out/%%d_%%d' %% (L - 1, i) for i in range(W)]
for l in range(L):
    for i in range(W):
        rule:
            name: 'r%%d_%%d' %% (l, i)
            input: 'src/%%d' %% i if l == 0 else 'out/%%d_%%d' %% (l - 1, i)
            output: 'out/%%d_%%d' %% (l, i)
            shell: 'cp {input} {output}'
`, w, layers)
}

func dvcFile(b *strings.Builder, w int) {
	b.WriteString("stages:\n")
	each(w, func(l, i int, in, out string) {
		fmt.Fprintf(b, "  s%d_%d: {cmd: cp %s %s, deps: [%s], outs: [%s]}\n", l, i, in, out, in, out)
	})
}
