package doctor

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assay/artifacts/store"
)

// find returns the line of a check.
func find(t *testing.T, lines []Line, check string) Line {
	t.Helper()
	for _, l := range lines {
		if l.Check == check {
			return l
		}
	}
	t.Fatalf("no line %s in %+v", check, lines)
	return Line{}
}

func TestHealthyMachine(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	for _, made := range []bool{false, true} {
		if made {
			st, err := store.Open(dir, func(w string) { t.Error(w) })
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
		}
		lines := Look(t.Context(), Patient{Store: dir})
		if CountBroken(lines) > 0 {
			t.Errorf("%+v", lines)
		}
		for _, check := range []string{"store", "rename", "fsync", "times", "clock", "memory", "CPU", "free disk", "remote"} {
			if l := find(t, lines, check); l.Found == "" {
				t.Errorf("%+v says nothing", l)
			}
		}
		if made {
			find(t, lines, "locks")
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".assay-doctor-*")); len(left) > 0 {
			t.Errorf("it leaves %s", left)
		}
	}
}

func TestSickStores(t *testing.T) {
	dir := t.TempDir()
	later := filepath.Join(dir, "later")
	if err := os.MkdirAll(later, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(later, "format"), []byte("assay store 99\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{later, filepath.Join(dir, "no", "folder", "at", "all")} {
		l := find(t, checkStore(t.Context(), Patient{Store: at}), "store")
		if l.State != Broken || l.Remedy == "" {
			t.Errorf("%s: %+v", at, l)
		}
	}
}

// A trial that fails says what that means.
func TestTrialsFail(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone")
	for _, trial := range trials() {
		if _, err := trial.try(gone); err == nil || trial.remedy == "" {
			t.Errorf("%s works without a folder", trial.name)
		}
	}
	if lines := checkFiles(gone); len(lines) != 1 || lines[0].State != Broken {
		t.Errorf("%+v", lines)
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	err := Table(&b, []Line{{"store", OK, ".assay", ""}, {"clock", Broken, "a\x1b[2Jb", "set it"}})
	want := "CHECK  STATE   FOUND\n" +
		"store  ok      .assay\n" +
		"clock  broken  a[2Jb\n" +
		"               to mend: set it\n"
	if err != nil || b.String() != want {
		t.Errorf("%q, %v", b.String(), err)
	}
	text, err := json.Marshal(Line{"a", None, "b", ""})
	if err != nil || string(text) != `{"check":"a","state":"none","found":"b"}` {
		t.Errorf("%s %v", text, err)
	}
}

// commands makes the only commands that can be found: scripts that say something.
func commands(t *testing.T, scripts map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, script := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

func TestSlurm(t *testing.T) {
	all := func(scontrol string) map[string]string {
		return map[string]string{"sbatch": "echo slurm 24.11", "squeue": "", "scancel": "", "sacct": "", "scontrol": scontrol}
	}
	for _, test := range []struct {
		name    string
		scripts map[string]string
		check   string
		state   State
		found   string
	}{
		{"none", nil, "Slurm", None, "not installed"},
		{"all", all(`echo "MinJobAge = 300 sec"; echo "MaxArraySize = 1001"`), "MinJobAge", OK, "300 sec"},
		{"arrays", all(`echo "MinJobAge = 300 sec"; echo "MaxArraySize = 1001"`), "MaxArraySize", OK, "1001"},
		{"forgets", all(`echo "MinJobAge = 2 sec"`), "MinJobAge", Note, "2 sec"},
		{"no arrays", all(`echo "MaxArraySize = 0"`), "MaxArraySize", Note, "0"},
		{"silent", all("true"), "MinJobAge", Note, "not said"},
		{"no controller", all("echo no controller >&2; exit 1"), "Slurm's settings", Note, "no controller"},
		{"half", map[string]string{"sbatch": "echo slurm 24.11"}, "Slurm", Note, "slurm 24.11, without squeue, scancel, scontrol, sacct"},
		{"sick", map[string]string{"sbatch": "exit 3", "squeue": "", "scancel": "", "sacct": "", "scontrol": ""}, "Slurm", Note, "exit status 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			commands(t, test.scripts)
			l := find(t, checkSlurm(t.Context(), Patient{}), test.check)
			if l.State != test.state || !strings.Contains(l.Found, test.found) || (l.State == Note) != (l.Remedy != "") {
				t.Errorf("%+v", l)
			}
		})
	}
	commands(t, map[string]string{"sbatch": "while :; do :; done"})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if l := find(t, checkSlurm(ctx, Patient{}), "Slurm"); l.State != Note {
		t.Errorf("a command that hangs: %+v", l)
	}
}

func TestRemote(t *testing.T) {
	files := http.NewServeMux()
	files.HandleFunc("/store/format", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("assay store 1\n")) })
	files.HandleFunc("/denied/format", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	files.HandleFunc("/other/format", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>")) })
	server := httptest.NewServer(files)
	defer server.Close()
	for path, state := range map[string]State{"/store": OK, "/denied": Broken, "/other": Broken, "/nothing": Broken} {
		l := find(t, checkRemote(t.Context(), Patient{Remote: server.URL + path}), "remote: read")
		if l.State != state || (state == Broken) != (l.Remedy != "") {
			t.Errorf("%s: %+v", path, l)
		}
	}
	if l := find(t, checkRemote(t.Context(), Patient{Remote: "nonsense"}), "remote"); l.State != Broken {
		t.Errorf("%+v", l)
	}
}

func TestKiB(t *testing.T) {
	text := []byte("MemTotal:  24 kB\nMemAvailable: x kB\nMemFree:\n")
	for name, want := range map[string]int64{"MemTotal:": 24 << 10, "MemAvailable:": 0, "MemFree:": 0, "Other:": 0} {
		if got := kib(text, name); got != want {
			t.Errorf("%s %d, want %d", name, got, want)
		}
	}
}
