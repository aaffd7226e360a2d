// Package assay holds the test that keeps the house in order; the code is in
// the folders below.
package assay

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// A rule says what the packages of a folder may import of this module, and why
// nothing else.
type rule struct {
	folder string
	may    []string
	why    string
}

// rules are the arrows of the house. The first one that fits a folder is its
// rule.
var rules = []rule{
	{"cmd/", []string{"assay/"}, "it is the one place that knows both halves"},
	{"bench/", []string{"assay/"}, "it measures whatever there is"},
	{"recipes", []string{"assay/"}, "its test resolves recipes as the command does"},
	{"engine/step", nil, "the contract must be free of the engine it is a contract with"},
	{"engine/glob", nil, "patterns of names know neither recipes nor stores"},
	{"engine/recipe", []string{"assay/engine/step", "assay/engine/glob", "assay/engine/recipe"}, "recipes are read without knowing kinds or stores"},
	{"engine/event", []string{"assay/engine/step", "assay/artifacts/."}, "events are data, whoever makes or sees them"},
	{"engine/journal", []string{"assay/engine/event", "assay/engine/step", "assay/artifacts/."},
		"a journal is read without an engine or a store"},
	{"engine/graph/snapshot", []string{"assay/engine/graph/.", "assay/engine/graph/files", "assay/engine/step", "assay/engine/recipe", "assay/engine/glob",
		"assay/artifacts/pack"}, "a graph is kept without a store"},
	{"engine/graph/files", []string{"assay/engine/step", "assay/engine/recipe", "assay/engine/glob", "assay/artifacts/.",
		"assay/artifacts/source", "assay/artifacts/filetest"}, "files of artifacts are named without knowing a graph"},
	{"engine/graph", []string{"assay/engine/graph/files", "assay/engine/step", "assay/engine/recipe", "assay/engine/glob", "assay/artifacts/.",
		"assay/artifacts/source", "assay/artifacts/filetest"}, "a recipe is resolved without a store, and without running anything"},
	{"engine", []string{"assay/engine/", "assay/artifacts"}, "the engine knows nothing of telemetry or machine learning"},
	{"artifacts/disk", nil, "it is about files, whatever is in them"},
	{"artifacts/pack", nil, "it is about bytes, whatever they say"},
	{"artifacts/filetest", nil, "it is about files, whatever is in them"},
	{"artifacts/work", []string{"assay/artifacts/disk"}, "work folders are about files, whatever is in them"},
	{"artifacts/source", []string{"assay/artifacts/.", "assay/artifacts/disk"}, "sources are read without a store"},
	{"artifacts/store/storetest", []string{"assay/artifacts/"}, "it helps tests"},
	{"artifacts/store", []string{"assay/artifacts/.", "assay/artifacts/disk", "assay/artifacts/pack", "assay/artifacts/work",
		"assay/artifacts/source",
		"assay/artifacts/filetest"}, "the store knows nothing of who cleans it or copies out of it"},
	{"artifacts/receipt", []string{"assay/artifacts/"}, "a receipt is digests and paths, whatever made them"},
	{"artifacts/recipes", []string{"assay/artifacts/"}, "notes of recipes are kept without reading a recipe"},
	{"artifacts/care", []string{"assay/artifacts/"}, "care knows nothing of recipes or steps"},
	{"artifacts/remote", []string{"assay/artifacts/"}, "what is shared is digests and records, whatever made them"},
	{"artifacts/deliver", []string{"assay/artifacts/"}, "copies are made without knowing recipes or steps"},
	{"artifacts", []string{"assay/artifacts/disk"}, "the nouns know nothing of what keeps them"},
	{"steps/kit/kernel/f32", []string{"assay/steps/kit/kernel/.", "assay/steps/kit/kernel/alloctest"}, "kernels of float32 stand on those of float64"},
	{"steps/kit/kernel", nil, "kernels are the floor of the house"},
	{"steps/kit/pyjson", nil, "JSON knows nothing of episodes"},
	{"steps/kit/channel", nil, "channels and phases are the words that all of the domain shares"},
	{"steps/kit/causal", []string{"assay/steps/kit/kernel"}, "context is about numbers in the order of time, whatever they are"},
	{"steps/kit/episode/episodetest", nil, "the tests of package episode use it"},
	{"steps/kit/episode", []string{"assay/steps/kit/channel", "assay/steps/kit/pyjson", "assay/steps/kit/episode/episodetest"}, "episodes are read without knowing what is made of them"},
	{"steps/kit/signal", []string{"assay/steps/kit/channel", "assay/steps/kit/episode"}, "signals stand on episodes and know no table"},
	{"steps/kit/parquet", nil, "Parquet is read and written without knowing a table"},
	{"steps/kit/matrix", []string{"assay/steps/kit/parquet"}, "the writer of features knows no table"},
	{"steps/kit/table", []string{"assay/steps/kit/channel", "assay/steps/kit/files", "assay/steps/kit/parquet", "assay/steps/kit/matrix"}, "tables know the names of features and phases, not where the numbers come from"},
	{"steps/kit/model/safetensors", nil, "files of tensors are written and read without knowing a model"},
	{"steps/kit/", []string{"assay/steps/kit/"}, "the domain knows neither the engine nor the kinds, so that verbs may import it"},
	{"steps/internal/", []string{"assay/steps/kit/", "assay/steps/internal/", "assay/engine/step"}, "what kinds share knows the contract and the domain, never a kind"},
	{"steps/", []string{"assay/steps/kit/", "assay/steps/internal/", "assay/engine/step"}, "a kind knows the contract and the domain, never another kind or the engine"},
	{"steps", []string{"assay/steps/", "assay/engine/step"}, "it lists the kinds"},
}

// homes are the packages that may import a dependency: each has one reason to
// be here.
var homes = map[string][]string{
	"gopkg.in/yaml.v3":                   {"engine/recipe"},
	"github.com/hashicorp/go-multierror": {"engine/recipe"},
	"golang.org/x/sync":                  {"engine", "artifacts/source", "artifacts/work", "artifacts/care", "artifacts/remote", "steps/kit/bootstrap"},
	"github.com/klauspost/compress":      {"steps/kit/episode", "steps/kit/signal", "steps/kit/parquet", "steps/kit/matrix", "bench/features"},
	"github.com/parquet-go/parquet-go":   {"steps/kit/parquet", "steps/kit/matrix", "steps/kit/table"},
	"gonum.org/v1/gonum":                 {"steps/kit/kernel"},
	"gonum.org/v1/plot":                  {"steps/kit/figure"},
	"golang.org/x/image":                 {"steps/kit/figure"},
	"github.com/spf13/cobra":             {"cmd/assay"},
	"github.com/vbauerster/mpb":          {"cmd/assay"},
	"golang.org/x/term":                  {"cmd/assay"},
	"github.com/minio/minio-go":          {"artifacts/remote", "bench/remote"},
	"github.com/fsnotify/fsnotify":       {"cmd/assay"},
	"golang.org/x/sys": {"steps/exec", "artifacts/disk", "artifacts/store", "cmd/assay", "steps/kit/kernel",
		"steps/kit/kernel/f32", "steps/kit/kernel/huge", "steps/kit/kernel/i8", "steps/kit/kernel/tally", "bench/gemm"},
	"github.com/gofrs/flock": {"artifacts/disk", "artifacts/store", "artifacts/work", "artifacts/deliver", "engine/journal", "engine/slurm/spool"},
}

// TestArrowsPointDown fails on an import that a rule does not allow, on a
// dependency outside its homes, and on a home that nobody lives in.
func TestArrowsPointDown(t *testing.T) {
	seen := 0
	lived := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && file != "." {
			return fs.SkipDir
		}
		if filepath.Ext(file) != ".go" || path.Dir(filepath.ToSlash(file)) == "." {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		seen++
		for _, imp := range f.Imports {
			checkImport(t, filepath.ToSlash(file), strings.Trim(imp.Path.Value, `"`), lived)
		}
		return nil
	})
	if err != nil || seen < 20 {
		t.Fatalf("%d files seen, %v", seen, err)
	}
	for dep, places := range homes {
		for _, place := range places {
			if !lived[dep+" "+place] {
				t.Errorf("%s is a home of %s, which nothing there imports; take it out of the list", place, dep)
			}
		}
	}
}

// checkImport judges one import of a file, and enters the homes that it lives in.
func checkImport(t *testing.T, file, imported string, lived map[string]bool) {
	t.Helper()
	dir := path.Dir(file)
	if !strings.HasPrefix(imported, "assay/") {
		for dep, places := range homes {
			if !strings.HasPrefix(imported, dep) {
				continue
			}
			if !within(dir, places) {
				t.Errorf("%s imports %s, whose home is %s", file, imported, strings.Join(places, ", "))
			}
			for _, place := range places {
				if within(dir, []string{place}) {
					lived[dep+" "+place] = true
				}
			}
		}
		return
	}
	for _, r := range rules {
		if !r.fits(dir) {
			continue
		}
		own := "assay/" + dir
		if imported == own || within(imported, r.may) || strings.HasSuffix(file, "_test.go") && strings.HasPrefix(imported, "assay/engine/") && strings.HasPrefix(dir, "engine") {
			return
		}
		t.Errorf("%s imports %s: %s", file, imported, r.why)
		return
	}
	t.Errorf("%s is in no room of the house", file)
}

// fits reports whether a package's folder is the rule's, or below it. A folder
// written with a slash at its end means only what is below.
func (r rule) fits(dir string) bool {
	return dir == r.folder || strings.HasPrefix(dir, strings.TrimSuffix(r.folder, "/")+"/")
}

// within reports whether a path is one of the places or below one. A place written
// with "/." at its end means that package alone.
func within(p string, places []string) bool {
	for _, place := range places {
		if only, ok := strings.CutSuffix(place, "/."); ok {
			if p == only {
				return true
			}
			continue
		}
		place = strings.TrimSuffix(place, "/")
		if p == place || strings.HasPrefix(p, place+"/") {
			return true
		}
	}
	return false
}
