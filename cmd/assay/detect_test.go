package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	events "assay/cmd/assay/internal/live"
	"assay/steps/kit/channel"
	"assay/steps/kit/episode/episodetest"
	"assay/steps/kit/prediction"
)

// cmdUnpack writes the files of an episode into a folder: unpack EPISODE DIR.
func cmdUnpack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unpack EPISODE DIR")
	}
	found, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(found) == 0 {
		ts.Fatalf("there is no %s", args[0])
	}
	unpack(fatal{ts}, found[0], ts.MkAbs(args[1]))
}

// fatal is as much of a testing.TB as unpack needs.
type fatal struct{ *testscript.TestScript }

func (fatal) Helper() {}

func (f fatal) Fatal(args ...any) { f.TestScript.Fatalf("%v", args) }

// A failer is a test or a script.
type failer interface {
	Helper()
	Fatal(args ...any)
}

// unpack writes the files of an episode into a folder.
func unpack(t failer, file, dir string) {
	t.Helper()
	entries, err := episodetest.Unpack(os.DirFS(filepath.Dir(file)), filepath.Base(file))
	if err == nil {
		err = os.MkdirAll(dir, 0o777)
	}
	for name, data := range entries {
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o666)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestDetectSaysWhatTheRecipeSaid follows the files of each test episode, and compares what is
// printed with the predictions of the step that trained the model: they are the same to the bit.
func TestDetectSaysWhatTheRecipeSaid(t *testing.T) {
	corpus, err := filepath.Abs("../../testdata/corpus")
	if err != nil {
		t.Fatal(err)
	}
	recipe, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.CopyFS("corpus/lab-d4", os.DirFS(corpus+"/lab-d4")); err != nil {
		t.Fatal(err)
	}
	few := bytes.ReplaceAll(recipe, []byte("{by: host, test: [lab-d4]}, "), nil)
	if err := os.WriteFile("r.yaml", few, 0o666); err != nil {
		t.Fatal(err)
	}
	must(t, "run", "r.yaml", "gbt")
	const node = "gbt[hold=time-30%,view=realistic]"
	must(t, "export", "r.yaml", node+".predictions", "said")
	said, err := prediction.Read(os.DirFS("said"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[float64][channel.NumPhases]float32{}
	for _, r := range said.Rows {
		if want[r.Episode] == nil {
			want[r.Episode] = map[float64][channel.NumPhases]float32{}
		}
		want[r.Episode][r.Center] = r.P
	}
	if len(want) < 3 {
		t.Fatalf("%d episodes are predicted", len(want))
	}
	followed := 0
	for name, windows := range want {
		if followed++; followed > 5 {
			break
		}
		unpack(t, "corpus/lab-d4/"+name+".tar.zst", name)
		compareDetected(t, must(t, "detect", "r.yaml", node, "--follow", name, "--threshold", "0.5"), windows)
		if followed == 1 {
			checkPublished(t, node, name, len(windows))
		}
	}
}

// must runs a command line that has to succeed, and returns what it prints.
func must(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := Main(args, &out, &errs); code != exitOK {
		t.Fatalf("%q: exit %d\n%s", args, code, &errs)
	}
	return out.String()
}

// compareDetected compares lines of JSON with predictions, by the centres of windows.
func compareDetected(t *testing.T, out string, want map[float64][channel.NumPhases]float32) {
	t.Helper()
	found := 0
	for lines := bufio.NewScanner(strings.NewReader(out)); lines.Scan(); {
		var d detection
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		p, ok := want[d.Centre]
		if !ok {
			continue // of no known phase
		}
		found++
		for k, v := range p {
			if d.P[channel.PhaseName(k)] != v {
				t.Errorf("at %v s %s has %v, want %v", d.Centre, channel.PhaseName(k), d.P[channel.PhaseName(k)], v)
			}
		}
	}
	if found != len(want) {
		t.Errorf("%d windows, want %d", found, len(want))
	}
}

// checkPublished detects with a dashboard, which has to get a window and a prediction for each.
func checkPublished(t *testing.T, node, name string, windows int) {
	t.Helper()
	var mu sync.Mutex
	got := map[string]int{}
	dashboard := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		list, bad := events.Parse(body)
		if err != nil || bad != nil {
			http.Error(w, fmt.Sprint(err, bad), http.StatusBadRequest)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, e := range list {
			got[e.Type]++
		}
	}))
	defer dashboard.Close()
	must(t, "detect", "r.yaml", node, "--follow", name, "--publish-url", dashboard.URL+"/publish", "--episode", name)
	mu.Lock()
	defer mu.Unlock()
	if got[events.TypeWindow] < windows || got[events.TypePrediction] != got[events.TypeWindow] {
		t.Errorf("the dashboard has %v of %d windows", got, windows)
	}
}
