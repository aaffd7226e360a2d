package state

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"assay/artifacts"
	"assay/engine/event"
	"assay/engine/journal"
	"assay/engine/recipe"
)

var zero = artifacts.Of(nil).String()

// lockOf is the text of a lock of one artifact.
func lockOf(artifact string) string {
	return "assay lock 1\n" + zero + " source corpus\n" + zero + " artifact " + artifact + " k@1 " + zero + "\n"
}

func TestParseLock(t *testing.T) {
	for text, want := range map[string]string{
		lockOf("a[b=c.d].o"):               "",
		"":                                 "x.lock:1: the lock is empty",
		"assay lock 1\n<<<<<<< HEAD\n":     "x.lock:2: this is a merge conflict",
		lockOf("nodot"):                    `x.lock: "nodot" is no artifact: want NODE.OUTPUT`,
		lockOf("a.o") + lockOf("a.o")[13:]: "occurs twice",
		lockOf("a.o") + zero + " source corpus\n":       "a source occurs twice",
		lockOf("a.o") + "zz artifact a.o k@1 " + zero:   "x.lock:4: ",
		strings.Repeat("\n", maxLock+1):                 "x.lock has more than",
		"assay lock 1\n" + zero + " artifact a.o k@1 x": "x.lock:2: ",
	} {
		l, err := ParseLock("x.lock", []byte(text))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, %v; want %q", text, l, err, want)
		}
	}
}

// TestFindLock: a lock file, with and without its prefix.
func TestFindLock(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "r.lock", lockOf("a.o"))
	write(t, "folder/x", "")
	f := &Finder{Recipe: "r.yaml", Runs: "runs"}
	for word, want := range map[string]string{
		"r.lock": "", "lock:r.lock": "", "lock:folder": "folder is not a regular file", "lock:": "names nothing",
		"lock:none": "no such file", "folder": `"folder" is no git revision, no lock file and no run`, "": `"" is no git`,
		"run:x": "no such run", "run:../../x": "no such run",
	} {
		s, err := f.Find(t.Context(), word)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", word, err, want)
		}
		if err == nil && (s.Name != "lock:r.lock" || len(s.Made()) != 1 || s.Silent == "") {
			t.Errorf("%q: %+v", word, s)
		}
	}
}

// TestFindRun: what a run made, even when its recipe is gone; but not that of another
// recipe, of a run that failed, or of one whose record is damaged.
func TestFindRun(t *testing.T) {
	dir := t.TempDir()
	record := func(file string, made *journal.Made) string {
		r := journal.NewRecorder(dir, journal.Run{Verb: "run", Recipe: file, Args: []string{"--set a=1"}}, false,
			func(err error) { t.Error(err) })
		r.Observe(event.Event{What: event.Running, Node: "a"})
		if made != nil {
			r.Keep(made)
		}
		id := r.ID()
		r.End(journal.OK, nil)
		return id
	}
	good := record("sub/r.yaml", &journal.Made{Lock: []byte(lockOf("a.o")), Unmade: []string{"b"}, Settings: []byte(`[{"path":"p","text":"1"}]`)})
	f := &Finder{Recipe: "r.yaml", Runs: dir}
	s, err := f.Find(t.Context(), "last")
	if err != nil || s.Name != "run:"+good || s.About != "assay run sub/r.yaml --set a=1" || len(s.Unmade) != 1 ||
		len(s.Settings) != 1 || s.Settings[0] != (recipe.Setting{Path: "p", Text: "1"}) {
		t.Errorf("state %+v, %v", s, err)
	}
	for id, want := range map[string]string{
		record("other.yaml", &journal.Made{Lock: []byte(lockOf("a.o"))}): "is of the recipe other.yaml, not of r.yaml",
		record("r.yaml", nil): "left no results to compare",
		record("r.yaml", &journal.Made{Lock: []byte("no lock")}):   "the lock of run ",
		record("r.yaml", &journal.Made{Lock: []byte(lockOf("a"))}): "is no artifact",
	} {
		if _, err := f.Find(t.Context(), runPrefix+id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	wrong := record("r.yaml", &journal.Made{Lock: []byte(lockOf("a.o")), Settings: []byte(`{"path":[]}`)})
	if s, err := f.Find(t.Context(), wrong); err != nil || !strings.Contains(s.Silent, "are damaged") {
		t.Errorf("state %+v, %v", s, err)
	}
}

// TestGit: a recipe in a folder below, with what it extends; and revisions that have no
// lock, another recipe, or something that is none.
func TestGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	t.Chdir(t.TempDir())
	t.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(t.TempDir(), "none"))
	write(t, "base.yaml", "params: {seed: 7}\n")
	write(t, "sub/r.yaml", "extends: ../base.yaml\nsteps: {a: {uses: k}}\n")
	git(t, "init", "-q")
	commitAll(t, "no lock")
	f := &Finder{Recipe: "sub/r.yaml", Runs: "runs"}
	if _, err := f.Committed(t.Context()); err == nil || !strings.Contains(err.Error(), "there is no sub/r.lock") {
		t.Errorf("error %v", err)
	}
	write(t, "sub/r.lock", lockOf("a.o"))
	commitAll(t, "a lock")
	write(t, "base.yaml", "params: {seed: 8}\n")
	s, err := f.Committed(t.Context())
	if err != nil || s.Name != "git:HEAD" || !strings.HasSuffix(s.About, ", a lock") || s.Silent != "" ||
		s.Settings[0] != (recipe.Setting{Path: "params.seed", Text: "7"}) {
		t.Errorf("state %+v, %v", s, err)
	}
	write(t, "sub/r.yaml", "steps: [\n")
	write(t, "sub/r.lock", "<<<<<<<\n")
	commitAll(t, "both broken")
	if _, err := f.Committed(t.Context()); err == nil || !strings.Contains(err.Error(), "git:HEAD:sub/r.lock:1: not a lock") {
		t.Errorf("error %v: a broken lock at HEAD must not be passed over", err)
	}
	write(t, "sub/r.lock", lockOf("a.o"))
	commitAll(t, "the recipe is broken")
	if s, err := f.Find(t.Context(), "HEAD"); err != nil || !strings.Contains(s.Silent, "cannot be read: sub/r.yaml:") {
		t.Errorf("state %+v, %v", s, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Committed(ctx); err == nil {
		t.Error("no error after an interrupt")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
		t.Fatal(err)
	}
}

func git(t *testing.T, args ...string) {
	t.Helper()
	args = append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)
	if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

func commitAll(t *testing.T, subject string) {
	t.Helper()
	git(t, "add", "-A")
	git(t, "commit", "-qm", subject)
}
