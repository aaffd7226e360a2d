package report

import (
	"fmt"
	"io"
	"io/fs"
	"strings"

	"assay/engine/step"
	"assay/steps/internal/results"
	"assay/steps/kit/plain"
)

const recipeTemplate = `{{if .Files}}
<p class="facts">The recipe as it was read. Parameters may have been changed on the command line;
<code>assay show</code> prints what a node really had.</p>
{{range .Files}}<details><summary>{{.Name}}</summary><pre tabindex="0">{{.Text}}</pre></details>
{{end}}{{end}}
{{if .Models}}<details><summary>Parameters of each model ({{len .Models}})</summary><dl class="settings">
{{range .Models}}<div><dt>{{.Node}}</dt><dd><code>{{.Text}}</code></dd></div>
{{end}}</dl></details>{{end}}
<h3>To verify this page</h3>
<p class="facts">Each artifact is named by the SHA-256 of the list of its files, and the lock beside the recipe has
the name of every one, this page’s too. With RECIPE as the file of the recipe:</p>
<pre tabindex="0">assay verify RECIPE                       every artifact is what the lock says, or which one is not
assay show RECIPE {{.Any}}    the files of an artifact, as sha256sum lists them
assay show RECIPE {{.Any}} | sha256sum    its digest, as under evaluations and in the lock</pre>`

// A recipeFile is a file of the recipe.
type recipeFile struct{ Name, Text string }

type recipeData struct {
	Files  []recipeFile
	Models []setting
	Any    string // an output to show
}

type setting struct{ Node, Text string }

// Bounds on what is printed of recipes.
const (
	maxRecipe      = 256 << 10
	maxRecipeFiles = 8
)

// readRecipe reads the files of the sources that hold the recipe.
func readRecipe(list []step.Input) ([]recipeFile, error) {
	var out []recipeFile
	for _, in := range list {
		err := fs.WalkDir(in.FS, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || len(out) == maxRecipeFiles {
				return err
			}
			text, err := readSome(in.FS, path)
			out = append(out, recipeFile{plain.Name(path), text})
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("recipe: %w", err)
		}
	}
	return out, nil
}

func readSome(fsys fs.FS, path string) (string, error) {
	f, err := fsys.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxRecipe))
	lines := strings.Split(string(b), "\n")
	for i, l := range lines {
		lines[i] = plain.Text(strings.ReplaceAll(l, "\t", "    "), 1000)
	}
	return strings.Join(lines, "\n"), err
}

func recipeSection(d *document) *section {
	data := recipeData{Files: d.Recipe, Any: "'NODE.OUTPUT'"}
	if e := d.Evals[0]; e.Node != "" {
		data.Any = results.Quoted(plain.Text(e.Node+"."+e.Output, 200))
	}
	for _, m := range d.Trained {
		if m.Node != "" {
			data.Models = append(data.Models, setting{plain.Text(m.Node, 200), plain.Text(string(m.Settings), 4000)})
		}
	}
	return &section{ID: "recipe", Title: "The recipe, and how to verify", Template: recipeTemplate, Data: data}
}
