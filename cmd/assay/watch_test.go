package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const watchedRecipe = `
sources: {data: data}
steps:
  fit:
    uses: exec
    in: {data: data}
    with: {script: "cat in/data/a > out/model/all", outputs: [model]}
outputs: {out: fit.model}
`

// TestWatch changes a source, breaks the recipe, mends it and ends the watch. It does each after
// the watch has noticed the one before.
func TestWatch(t *testing.T) {
	if testing.Short() {
		t.Skip("runs processes")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("data/a", "a")
	write("r.yaml", watchedRecipe)
	c, stderr := startWatch(t, dir)
	// Each time the watch waits, the next of these is called.
	acts := []func(){
		func() { write("data/sub/b", "b") },
		func() { write("data/sub/c", "c") }, // in a folder that is new
		func() { write("r.yaml", strings.Replace(watchedRecipe, "uses: exec", "uses: exce", 1)) },
		func() { write("r.yaml", watchedRecipe+"# mended\n") },
		func() { c.Process.Signal(os.Interrupt) },
	}
	var said []string
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said = append(said, lines.Text())
		if strings.HasPrefix(lines.Text(), "watch waits for changes of r.yaml") && len(acts) > 0 {
			time.Sleep(20 * time.Millisecond) // so that times of files differ
			acts[0]()
			acts = acts[1:]
		}
	}
	err := c.Wait()
	text := strings.Join(said, "\n")
	for _, want := range []string{
		"watch waits for changes of r.yaml, data; press Ctrl-C to end", "watch data/sub/b changed, running again",
		"watch data/sub/c changed, running again", "watch r.yaml changed, running again", `unknown kind "exce"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it did not say %q", want)
		}
	}
	if n := strings.Count(text, "run   fit"); n != 3 || strings.Count(text, "changed, running again") != 4 || err != nil || t.Failed() {
		t.Errorf("%d runs, %v; it said:\n%s", n, err, text)
	}
}

// TestWatchNoticesANewNode adds a file to a folder that an axis looks at, and a step that makes a list for another
// axis.
func TestWatchNoticesANewNode(t *testing.T) {
	if testing.Short() {
		t.Skip("runs processes")
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "names"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"names/a.x": "", "r.yaml": `
sources: {names: names}
steps:
  fit: {uses: exec, matrix: {n: {files: "names/*.x"}}, with: {script: "echo ${n} > out/o/f", outputs: [o]}}
  list: {uses: exec, in: {n: names}, with: {script: "ls in/n/ > out/o/list", outputs: [o]}}
  late: {uses: exec, matrix: {x: {lines: list.o/list}}, with: {script: "echo ${x} > out/o/f", outputs: [o]}}
`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	c, stderr := startWatch(t, dir)
	acts := []func(){
		func() { os.WriteFile(filepath.Join(dir, "names/b.x"), nil, 0o666) },
		func() { c.Process.Signal(os.Interrupt) },
	}
	var said []string
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said = append(said, lines.Text())
		if strings.HasPrefix(lines.Text(), "watch waits for changes of r.yaml, names") && len(acts) > 0 {
			acts[0]()
			acts = acts[1:]
		}
	}
	err, text := c.Wait(), strings.Join(said, "\n")
	for _, node := range []string{"fit[n=a]", "fit[n=b]", "late[x=a.x]", "late[x=b.x]"} {
		if strings.Count(text, "run   "+node) != 1 {
			t.Errorf("%s did not run once", node)
		}
	}
	if err != nil {
		t.Errorf("%v, it said\n%s", err, text)
	}
}

// TestWatchInJSON checks that everything that a watch prints is a line of JSON: also that it waits,
// that something changed, and that a recipe has mistakes.
func TestWatchInJSON(t *testing.T) {
	if testing.Short() {
		t.Skip("runs processes")
	}
	dir := t.TempDir()
	recipe := filepath.Join(dir, "r.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(recipe, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	const text = "steps: {fit: {uses: exec, with: {script: \"echo 1 > out/o/f\", outputs: [o]}}}\n"
	write(text)
	c, stderr := startWatch(t, dir, "--log-format", "json")
	acts := []func(){
		func() { write(strings.Replace(text, "uses: exec", "uses: exce", 1)) },
		func() { write(strings.Replace(text, "echo 1", "exit 1", 1)) },
		func() { c.Process.Signal(os.Interrupt) },
	}
	var said, words []string
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		var line struct{ Msg, Text string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Errorf("%q: %v", lines.Text(), err)
		}
		said = append(said, lines.Text())
		words = append(words, line.Msg)
		if line.Msg == "watching" && len(acts) > 0 {
			time.Sleep(20 * time.Millisecond) // so that times of files differ
			acts[0]()
			acts = acts[1:]
		}
	}
	err := c.Wait()
	want := "started running ran finished end watching changed mistake watching changed started running failed end watching"
	if got := strings.Join(words, " "); got != want || err != nil {
		t.Errorf("%v, it said %s\n%s", err, got, strings.Join(said, "\n"))
	}
	if text := strings.Join(said, "\n"); !strings.Contains(text, `"places":["r.yaml"]`) || !strings.Contains(text, `"files":1,"names":["r.yaml"]`) {
		t.Error(text)
	}
}

// startWatch runs r.yaml in dir whenever it changes, for a minute at most.
func startWatch(t *testing.T, dir string, flags ...string) (*exec.Cmd, io.Reader) {
	c := exec.Command(assayBinary(t), append([]string{"run", "r.yaml", "--watch"}, flags...)...)
	c.Dir = dir
	stderr, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	tooLong := time.AfterFunc(time.Minute, func() { c.Process.Kill() })
	t.Cleanup(func() { tooLong.Stop() })
	return c, stderr
}
