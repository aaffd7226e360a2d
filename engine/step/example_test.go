package step_test

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"log"
	"os"
	"testing/fstest"

	"assay/engine/step"
)

// countParams are the parameters of the kind "count". The values under "with:" in a recipe are
// decoded over the defaults that Define gets.
type countParams struct {
	Min int `json:"min" doc:"shortest line to count, in bytes"`
}

// countIn has a field per input.
type countIn struct {
	Texts fs.FS `doc:"the files to count"`
}

// countOut has a field per output.
type countOut struct{ Lines *os.Root }

// count writes how many lines of its input are long enough.
func count(ctx context.Context, p countParams, in countIn, out countOut) error {
	total := 0
	err := fs.WalkDir(in.Texts, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := in.Texts.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		for s := bufio.NewScanner(f); s.Scan(); {
			if len(s.Bytes()) >= p.Min {
				total++
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	step.Report(ctx).Count("lines", total)
	return out.Lines.WriteFile("total.txt", fmt.Appendf(nil, "%d\n", total), 0o666)
}

// A kind is a function and a version. To test it, call the function: inputs are
// any fs.FS, outputs are folders.
func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer root.Close()

	in := countIn{Texts: fstest.MapFS{"a.txt": {Data: []byte("one\nthree\nfive\n")}}}
	if err := count(context.Background(), countParams{Min: 4}, in, countOut{Lines: root}); err != nil {
		log.Fatal(err)
	}
	text, err := root.ReadFile("total.txt")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(string(text))
	// Output: 2
}

// Define makes a kind of the function. The fields of the inputs and outputs are its ports.
func ExampleDefine() {
	kind := step.Define("count", "1", "Count lines", countParams{Min: 1}, count)
	fmt.Println(kind, kind.Inputs[0].Name, kind.Outputs[0].Name)
	// Output: count@1 texts lines
}
