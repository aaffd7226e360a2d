package care

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assay/artifacts/filetest"
	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
	"assay/artifacts/work"
)

// TestSweepOpensUp sweeps what a killed process left behind read-only, and what an
// earlier version left without a lock file.
func TestSweepOpensUp(t *testing.T) {
	filetest.AsNobody(t, func(t *testing.T) {
		s, warnings := storetest.Open(t)
		filetest.Shell(t, filepath.Join(s.Dir(), "tmp"), `
			for w in work-1 work-2; do mkdir -p $w/1/go/mod $w/1/shut; echo x > $w/1/go/mod/f; echo > $w/file-2; chmod -R a-w $w/1; chmod 0 $w/1/shut; done
			touch work-1.lock work-3.lock`)
		plan, err := PlanGC(t.Context(), s, GC{Keep: month, Now: time.Now()})
		if err != nil || plan.Temporary != 6 {
			t.Errorf("%d bytes are left, %v", plan.Temporary, err)
		}
		got, err := Check(t.Context(), s, false, nil)
		if err != nil || len(got.Dead) != 3 || len(got.Problems) > 0 {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := s.Scratch(); err != nil {
			t.Fatal(err)
		}
		for _, name := range filetest.NamesIn(t, filepath.Join(s.Dir(), "tmp")) {
			if slices.Contains([]string{"work-1", "work-2", "work-1.lock", "work-2.lock", "work-3.lock"}, name) {
				t.Errorf("%s is left", name)
			}
		}
		if len(*warnings) > 0 {
			t.Errorf("warnings %q", *warnings)
		}
	})
}

// TestWhatCannotBeSweptIsNamed has a folder of another user's in work that was left:
// its lock file stays, so that whoever may remove it finds it.
func TestWhatCannotBeSweptIsNamed(t *testing.T) {
	if dir := os.Getenv(sharedStore); dir != "" {
		sweepAnothers(t, dir)
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can be another user")
	}
	s, _ := storetest.Open(t)
	filetest.Shell(t, s.Dir(), "mkdir -p tmp/work-1/1; touch tmp/work-1.lock; chmod -R a+rwX . ; mkdir "+
		"tmp/work-1/1/theirs; echo > tmp/work-1/1/theirs/f; chmod a+rx .. ../..")
	s.Close()
	filetest.AsNobody(t, nil, sharedStore+"="+s.Dir())
	again, err := store.Open(s.Dir(), func(w string) { t.Error(w) })
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := again.Scratch(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(filepath.Join(s.Dir(), "tmp", "work-1")); err == nil {
		t.Error("root could not sweep it either")
	}
}

func sweepAnothers(t *testing.T, dir string) {
	var warnings []string
	s, err := store.Open(dir, func(w string) { warnings = append(warnings, w) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Scratch(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "tmp", "work-1.lock")); err != nil {
		t.Error("the lock file is gone:", err)
	}
	got, err := Check(t.Context(), s, false, nil)
	if err != nil || len(got.Dead) != 1 || filepath.Base(got.Dead[0]) != "work-1" {
		t.Errorf("%+v, %v", got, err)
	}
	gcNow(t, s, GC{Keep: month})
	if len(warnings) != 1 || !strings.Contains(warnings[0], "cannot remove the work folder") {
		t.Errorf("warnings %q", warnings)
	}
}

// TestOthersWorkIsLeft has folders and files that are called as work is, and are
// not: nothing of them goes.
func TestOthersWorkIsLeft(t *testing.T) {
	s, _ := storetest.Open(t)
	tmp := filepath.Join(s.Dir(), "tmp")
	theirs := t.TempDir()
	filetest.WriteFiles(t, theirs, map[string]string{"1/f": "mine"})
	filetest.WriteFiles(t, tmp, map[string]string{"work-1/thesis": "mine", "work-1.lock": "", "work-2/1/f": "1",
		"work-2.lock": "mine", "work-x/1/f": "mine", "work-x.lock": "", "work-5": "mine"})
	os.Symlink(theirs, filepath.Join(tmp, "work-3"))
	os.WriteFile(filepath.Join(tmp, "work-3.lock"), nil, 0o666)
	os.Symlink(filepath.Join(theirs, "1", "f"), filepath.Join(tmp, "work-4.lock"))
	before := filetest.NamesIn(t, tmp)
	work.Sweep(tmp)
	if after := filetest.NamesIn(t, tmp); !slices.Equal(after, before) {
		t.Errorf("of %v there is left %v", before, after)
	}
	if string(filetest.ReadFile(t, filepath.Join(theirs, "1", "f"))) != "mine" {
		t.Error("a file outside was changed")
	}
	got, err := strays(t.Context(), s)
	if err != nil || len(got) != 7 {
		t.Errorf("strays %q, %v", got, err)
	}
}
