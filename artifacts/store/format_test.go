package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"assay/artifacts/filetest"
)

func TestOpenMakesAStoreOnlyOfNothing(t *testing.T) {
	earlier := "mkdir s/blobs s/actions s/sources s/recipes s/pins s/tmp; touch s/lock; "
	for _, c := range []struct{ name, script, want string }{
		{"nothing", "rmdir s", ""},
		{"nothing above it", "rmdir s; mkdir t; ln -s t/new s", "file exists"},
		{"empty", "", ""},
		{"link to an empty one", "mkdir t; rmdir s; ln -s t s", ""},
		{"half made", "touch s/format-12", ""},
		{"earlier", earlier, ""},
		{"earlier, used", earlier + "mkdir s/runs s/published; touch s/actions.lock", ""},
		{"earlier, and more", earlier + "touch s/notes", "looks like a store of an earlier assay, but there are other things in it (notes)"},
		{"a file", "rmdir s; touch s", "not a directory"},
		{"something", "touch s/x", "is not a store, and not empty either (it has x)"},
		{"a project", "mkdir s/recipes s/sources s/tmp; echo > s/recipes/x.yaml", "is not a store, and not empty either"},
		{"its own names", "mkdir s/blobs s/actions", "is not a store, and not empty either"},
		{"somebody's format", "echo mine > s/format", "is not a store, and not empty either (it has format)"},
		{"a pipe", "mkfifo s/format", "is not a store, and not empty either (it has format)"},
		{"much", "head -c 100000 /dev/zero > s/format", "is not a store, and not empty either (it has format)"},
		{"called like it", "touch s/format-of-mine", "is not a store, and not empty either (it has format-of-mine)"},
		{"later", "echo assay store 2 > s/format", `is of format "2"`},
		{"later, in words", "printf 'assay store 99999999999999999999999999' > s/format", `is of format "9999999999`},
		{"a link within", "echo assay store 1 > s/format; mkdir t; ln -s ../t s/tmp", "s/tmp is a link, where the store has a folder of its own"},
		{"a file within", "echo assay store 1 > s/format; touch s/blobs", "s/blobs is a file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := t.TempDir()
			dir := filepath.Join(base, "s")
			os.Mkdir(dir, 0o777)
			filetest.Shell(t, base, c.script)
			before := filetest.NamesIn(t, base)
			s, err := Open(dir, func(w string) { t.Error(w) })
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want %s", err, c.want)
				}
				if after := filetest.NamesIn(t, base); !slices.Equal(before, after) && !strings.Contains(c.name, "within") {
					t.Errorf("it failed and changed %v to %v", before, after)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if is, err := IsStore(dir); !is || err != nil || string(filetest.ReadFile(t, filepath.Join(dir, formatFile))) != formatLine {
				t.Errorf("it is none: %v", err)
			}
			commit(t, s, sample)
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if is, err := IsStore(dir); !is || err != nil {
				t.Errorf("closed, it is none: %v", err)
			}
		})
	}
}

// TestStoreOfNothingGoes opens one store many times at once. Whoever made it
// discards it, but never under the hands of another.
func TestStoreOfNothingGoes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "s")
	var g sync.WaitGroup
	for range 8 {
		g.Go(func() {
			for range 20 {
				s, err := Open(dir, func(string) {})
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := s.actions.opened(); err != nil {
					t.Error(err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	g.Wait()
	s, err := Open(dir, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if left := filetest.NamesIn(t, filepath.Dir(dir)); len(left) > 1 && !slices.Contains(left, "s") {
		t.Errorf("left: %v", left)
	}
}

func TestReadOnlyStoreServes(t *testing.T) {
	filetest.AsNobody(t, func(t *testing.T) {
		for _, earlier := range []bool{false, true} {
			s, _ := open(t)
			r := action(t, s, "r", 1, sample)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if earlier {
				os.Remove(filepath.Join(s.dir, formatFile))
			}
			filetest.Shell(t, s.dir, "chmod -R a-w .")
			again, err := Open(s.dir, func(w string) { t.Error(w) })
			if err != nil || !isHit(again, r) {
				t.Errorf("earlier %v: %v", earlier, err)
			}
			again.Close()
			filetest.Shell(t, s.dir, "chmod -R u+w .")
		}
	})
}
