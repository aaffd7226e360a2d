package receipt

import (
	"os"
	"path/filepath"
	"testing"

	"assay/artifacts"
	"assay/artifacts/filetest"
	"assay/artifacts/store/storetest"
)

func TestReceiptHoldsUntilSomethingChanges(t *testing.T) {
	dir := t.TempDir()
	recipe, data := filepath.Join(dir, "r.yaml"), filepath.Join(dir, "data")
	filetest.WriteFiles(t, dir, map[string]string{"r.yaml": "steps: {}", "data/f": "x"})
	s, _ := storetest.Open(t)
	tree := storetest.CommitFiles(t, s, storetest.Sample)
	key := artifacts.Of([]byte("run r.yaml"))
	save := func() {
		t.Helper()
		text, _ := os.ReadFile(recipe)
		src, err := s.Scan(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		err = Save(s, key, &Receipt{
			Binary: "b1", Nodes: 3, Files: map[string]artifacts.Digest{recipe: artifacts.Of(text)},
			Sources: map[string]artifacts.Digest{data: src.Tree.Digest()},
			Outputs: []Delivered{{"out dir", tree.Digest()}},
			Blobs:   []artifacts.Digest{tree.Digest(), tree[0].Digest, tree[1].Digest},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	save()
	r := Check(t.Context(), s, key, "b1")
	if r == nil || r.Nodes != 3 || len(r.Outputs) != 1 || r.Outputs[0].Dir != "out dir" || len(r.Blobs) != 3 {
		t.Fatalf("receipt %+v", r)
	}
	for what, change := range map[string]func(){
		"binary":      func() {},
		"recipe":      func() { os.WriteFile(recipe, []byte("steps: {a: b}"), 0o666) },
		"recipe gone": func() { os.Remove(recipe) },
		"source":      func() { os.WriteFile(filepath.Join(data, "g"), nil, 0o666) },
		"blob gone":   func() { os.Remove(s.Path(tree[0].Digest)) },
		"blob edited": func() {
			os.Chmod(s.Path(tree[1].Digest), 0o644)
			os.WriteFile(s.Path(tree[1].Digest), []byte("zzz"), 0o644)
		},
		"receipt torn":  func() { os.WriteFile(pathOf(s, key), []byte("assay receipt 1\nbinary b1"), 0o666) },
		"receipt other": func() { os.WriteFile(pathOf(s, key), []byte("assay receipt 1\nfoo bar\n\n"), 0o666) },
	} {
		filetest.WriteFiles(t, dir, map[string]string{"r.yaml": "steps: {}"})
		os.Remove(filepath.Join(data, "g"))
		tree = storetest.CommitFiles(t, s, storetest.Sample)
		save()
		binary := "b1"
		if what == "binary" {
			binary = "b2"
		}
		change()
		if Check(t.Context(), s, key, binary) != nil {
			t.Errorf("%s: the receipt is believed", what)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("assay receipt 1\nbinary x\nnodes 3\nfile " + artifacts.Of(nil).String() + " r.yaml\n\n"))
	f.Fuzz(func(t *testing.T, b []byte) { parse(b) })
}
