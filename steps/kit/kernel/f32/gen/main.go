// Command gen writes the assembly of package f32: AVX2+FMA for amd64 by way of
// avo, NEON for arm64 as text, both from one description of each kernel. It is
// a module of its own, so that assay does not depend on avo.
//
//	cd steps/kit/kernel/f32/gen && go run .
//
// Read emitter.go first: it says what a description is written in.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/mmcloughlin/avo/printer"

	"github.com/mmcloughlin/avo/pass"
)

func main() {
	folder := ".."
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	if err := write(folder); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// write puts the four generated files into a folder.
func write(folder string) error {
	e := newEmitter()
	gemm(e)
	unary(e)
	signLog(e)
	vectors(e)
	columns(e)
	softmax(e)
	layerNorm(e)
	gates(e)

	file, err := e.x.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	cfg := printer.Config{Name: "steps/kit/kernel/f32/gen", Pkg: "f32"}
	amd64, err := printer.NewGoAsm(cfg).Print(file)
	if err != nil {
		return err
	}
	stubs, err := printer.NewStubs(cfg).Print(file)
	if err != nil {
		return err
	}
	for name, text := range map[string]string{
		"asm_amd64.s":    string(amd64),
		"stubs_amd64.go": string(stubs),
		"asm_arm64.s":    e.neonFile(cfg.GeneratedWarning()),
		"stubs_arm64.go": strings.ReplaceAll(string(stubs), "AVX2", "NEON"),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
