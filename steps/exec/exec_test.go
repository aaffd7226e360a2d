package exec

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"assay/engine/step"
)

// heard records what a step reports.
type heard struct {
	mu     sync.Mutex
	events []step.Message
}

func (h *heard) Emit(e step.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

// try runs the kind and returns the files of its outputs, what it reported and
// its error.
func try(t *testing.T, ctx context.Context, p Params, in step.Inputs) (map[string]string, *heard, error) {
	t.Helper()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	out := step.Outputs{}
	for _, name := range p.Outputs {
		path := filepath.Join(dir, "out", name)
		if err := os.MkdirAll(path, 0o777); err != nil {
			t.Fatal(err)
		}
		root, err := os.OpenRoot(path)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		out[name] = root
	}
	h := &heard{}
	err := Kind().Run(step.WithPlace(step.WithSink(ctx, h), dir), &p, in, out)
	files := map[string]string{}
	for _, name := range p.Outputs {
		fs.WalkDir(os.DirFS(filepath.Join(dir, "out", name)), ".", func(path string, d fs.DirEntry, _ error) error {
			if !d.IsDir() {
				b, _ := os.ReadFile(filepath.Join(dir, "out", name, path))
				files[name+"/"+path] = string(b)
			}
			return nil
		})
	}
	return files, h, err
}

var words = step.Inputs{"words": {{FS: fstest.MapFS{"a.txt": {Data: []byte("one\n")}, "sub/b.txt": {Data: []byte("two\n")}}}}}

func TestScript(t *testing.T) {
	files, h, err := try(t, t.Context(), Params{
		Script:  "cat in/words/a.txt in/words/sub/b.txt > out/all/both\necho \"$GREETING\"\necho ::progress 1/2\necho ::count lines 2\necho ::warning careful\necho ::progress x\n",
		Outputs: []string{"all"}, Env: []string{"GREETING=hello"},
	}, words)
	if err != nil || files["all/both"] != "one\ntwo\n" {
		t.Fatalf("%v, %v", files, err)
	}
	want := []step.Message{{Log: "hello"}, {Done: 1, Total: 2}, {Count: "lines", N: 2}, {Warning: "careful"}, {Log: "::progress x"}}
	if len(h.events) != len(want) {
		t.Fatalf("heard %+v", h.events)
	}
	for i, e := range want {
		if h.events[i] != e {
			t.Errorf("event %d is %+v, want %+v", i, h.events[i], e)
		}
	}
}

func TestSeveralArtifactsOnOnePort(t *testing.T) {
	one := fstest.MapFS{"f": {Data: []byte("x")}}
	files, _, err := try(t, t.Context(), Params{Script: "cd in; find . -name f | sort > ../out/o/list", Outputs: []string{"o"}}, step.Inputs{
		"plain": {{FS: one}, {FS: one}},
		"by":    {{FS: one, Labels: step.Labels{{Axis: "view", Value: "low"}}}, {FS: one, Labels: step.Labels{{Axis: "view", Value: "high"}}}},
	})
	if want := "./by/view=high/f\n./by/view=low/f\n./plain/0/f\n./plain/1/f\n"; err != nil || files["o/list"] != want {
		t.Errorf("%q, %v", files["o/list"], err)
	}
}

func TestTheEnvironmentIsTheRecipes(t *testing.T) {
	t.Setenv("SECRET", "x")
	t.Setenv("PASSED", "y")
	files, _, err := try(t, t.Context(), Params{Script: "env > out/o/env", Outputs: []string{"o"}, Pass: []string{"PASSED", "ABSENT"}}, nil)
	env := files["o/env"]
	if err != nil || strings.Contains(env, "SECRET") || strings.Contains(env, "ABSENT") || !strings.Contains(env, "PASSED=y") || !strings.Contains(env, "TZ=UTC") {
		t.Errorf("%v\n%s", err, env)
	}
}

func TestCommandsAreToldTheirCores(t *testing.T) {
	p := Params{Script: "echo $ASSAY_CORES $OMP_NUM_THREADS > out/o/cores", Outputs: []string{"o"}}
	files, _, err := try(t, step.WithCores(t.Context(), 3), p, nil)
	if err != nil || files["o/cores"] != "3 3\n" {
		t.Errorf("%q, %v", files["o/cores"], err)
	}
	p.Env = []string{"OMP_NUM_THREADS=1"}
	files, _, err = try(t, step.WithCores(t.Context(), 3), p, nil)
	if err != nil || files["o/cores"] != "3 1\n" {
		t.Errorf("the recipe's own word: %q, %v", files["o/cores"], err)
	}
}

func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		p    Params
		want []string
	}{
		"exit code":     {Params{Script: "echo about to fail\nfalse\necho not reached", Outputs: []string{"o"}}, []string{"exit status 1", "about to fail"}},
		"silent":        {Params{Run: []string{"false"}, Outputs: []string{"o"}}, []string{"false: exit status 1", "printed nothing"}},
		"no program":    {Params{Run: []string{"no-such-program-here"}, Outputs: []string{"o"}}, []string{"there is no program no-such-program-here in the PATH, /", "install it"}},
		"empty output":  {Params{Script: "echo x > out/a/f", Outputs: []string{"a", "b"}}, []string{"the command succeeded but wrote nothing to out/b"}},
		"only a folder": {Params{Script: "mkdir out/o/sub", Outputs: []string{"o"}}, []string{"the command succeeded but wrote nothing to out/o"}},
		"no such shard": {Params{Script: "true", Outputs: []string{"o"}, Shard: []string{"word"}}, []string{"shard: there is no input word"}},
		"left running":  {Params{Script: "sleep 60 & echo x > out/o/f", Outputs: []string{"o"}}, []string{"left a process running that holds its output"}},
		"unset in bash": {Params{Script: "echo $NOT_SET > out/o/f", Outputs: []string{"o"}}, []string{"NOT_SET"}},
		"killed itself": {Params{Script: "kill -9 $$", Outputs: []string{"o"}}, []string{"signal: killed"}},
	} {
		_, _, err := try(t, t.Context(), c.p, nil)
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one with %q", name, err, want)
			}
		}
	}
}

// onDisk is a file system that lays links to where its files lie, as sources do.
type onDisk struct {
	fs.FS
	dir string
}

func (d onDisk) Lay(dir string, _ bool) (read []string, _ bool, intact func() error, err error) {
	was := map[string]string{}
	err = fs.WalkDir(d.FS, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return errors.Join(err, os.MkdirAll(filepath.Join(dir, name), 0o777))
		}
		at := filepath.Join(d.dir, name)
		b, err := os.ReadFile(at)
		was[at] = string(b)
		read = append(read, at)
		return errors.Join(err, os.Symlink(at, filepath.Join(dir, name)))
	})
	return read, false, func() error {
		for at, text := range was {
			if b, _ := os.ReadFile(at); string(b) != text {
				return fmt.Errorf("%s was written to", filepath.Base(at))
			}
		}
		return nil
	}, err
}

func TestInputsAreLinksAndMustNotBeWrittenTo(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "f"), []byte("as it was"), 0o666); err != nil {
		t.Fatal(err)
	}
	in := step.Inputs{"x": {{FS: onDisk{os.DirFS(dir), dir}}}}
	if _, _, err := try(t, t.Context(), Params{Script: "test -L in/x/f; cp in/x/f out/o/", Outputs: []string{"o"}}, in); err != nil {
		t.Error(err)
	}
	_, _, err := try(t, t.Context(), Params{Script: "echo more >> in/x/f; touch out/o/f", Outputs: []string{"o"}}, in)
	if err == nil || !strings.Contains(err.Error(), "input in/x: f was written to") {
		t.Errorf("error %v", err)
	}
}

// inProject returns a function that runs a command in a project, the folder that
// the test is then in, with the input x: the named files of the folder declared.
func inProject(t *testing.T, names ...string) func(p Params) error {
	project := t.TempDir()
	t.Chdir(project)
	input := fstest.MapFS{}
	all := []string{"secret.txt", "tool/lib"}
	for _, name := range names {
		input[name] = &fstest.MapFile{}
		all = append(all, "declared/"+name)
	}
	for _, name := range all {
		os.MkdirAll(filepath.Dir(name), 0o777)
		if err := os.WriteFile(name, []byte(name), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	in := step.Inputs{"x": {{FS: onDisk{input, filepath.Join(project, "declared")}}}}
	kind, serial := Kind(), 0
	return func(p Params) error {
		serial++
		dir := filepath.Join(project, ".assay", "tmp", fmt.Sprint(serial))
		for _, sub := range []string{"in/x", "out/o"} {
			if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		root, err := os.OpenRoot(filepath.Join(dir, "out", "o"))
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		return kind.Run(step.WithPlace(t.Context(), dir), &p, in, step.Outputs{"o": root})
	}
}

func TestUndeclaredInputsAreRefused(t *testing.T) {
	run := inProject(t, "f")
	project, _ := os.Getwd()
	read := func(path string) Params {
		return Params{Script: "cat in/x/f " + path + " > out/o/f", Outputs: []string{"o"}}
	}
	err := run(read(filepath.Join(project, "secret.txt")))
	if err == nil {
		t.Skip("no Landlock here; the command read what it should not")
	}
	for _, want := range []string{"secret.txt", "Permission denied", `connect the file under "in:"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
	if err := run(read("/etc/hostname")); err != nil {
		t.Errorf("what is not of the project: %v", err)
	}
	p := read(filepath.Join(project, "tool", "lib"))
	p.Allow = []string{"tool"}
	if err := run(p); err != nil {
		t.Errorf("what is allowed: %v", err)
	}
}

func TestAFileBesideManyInputsIsRefused(t *testing.T) {
	var names []string
	for i := range 300 {
		names = append(names, fmt.Sprintf("f%d", i))
	}
	run := inProject(t, names...)
	project, _ := os.Getwd()
	if err := os.WriteFile("declared/other", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := run(Params{Script: "cat in/x/* > out/o/f", Outputs: []string{"o"}}); err != nil {
		t.Error(err)
	}
	if err := run(Params{Script: "cat " + project + "/secret.txt > out/o/f", Outputs: []string{"o"}}); err == nil {
		t.Skip("no Landlock here")
	}
	if err := run(Params{Script: "cat " + project + "/declared/other > out/o/f", Outputs: []string{"o"}}); err == nil {
		t.Error("it was read")
	}
}

func TestOnlyItsOwnFolderIsACommandsToChange(t *testing.T) {
	run := inProject(t, "f")
	project, _ := os.Getwd()
	script := func(lines string) Params {
		return Params{Script: "P=" + project + "\n" + lines + "\necho made > out/o/made", Outputs: []string{"o"}}
	}
	for _, lines := range []string{
		"mkdir a a/b; echo x > a/b/f; ln a/b/f out/o/g; mv a/b out/o/h; rm a/../out/o/g; rmdir a; mkfifo p; ln -s p q",
		"echo x > $(mktemp); echo x > ~/f",
	} {
		if err := run(script(lines)); err != nil {
			t.Errorf("%s: %v", lines, err)
		}
	}
	if err := run(Params{Script: "cat " + project + "/secret.txt > out/o/f", Outputs: []string{"o"}}); err == nil {
		t.Skip("no Landlock here")
	}
	for _, line := range []string{
		"echo more >> in/x/f", "rm $P/declared/f", "mv $P/declared/f .", "ln in/x/f out/o/f; ln $P/declared/f out/o/g", "touch $P/new", "mkdir $P/new",
		"ln -s in $P/new", "mkfifo $P/new", "rm $P/secret.txt", "mv $P/tool $P/tools", "rmdir $P/empty", "echo x > $P/.assay/tmp/new",
	} {
		os.Mkdir("empty", 0o777)
		err := run(script(line))
		if err == nil {
			t.Errorf("%s: it was not refused", line)
		}
		for name, content := range map[string]string{"declared/f": "declared/f", "secret.txt": "secret.txt", "tool/lib": "tool/lib"} {
			if b, err := os.ReadFile(name); err != nil || string(b) != content {
				t.Fatalf("%s: %s is now %q, %v", line, name, b, err)
			}
		}
		if list := names(t); !slices.Equal(list, []string{".assay", "declared", "empty", "secret.txt", "tool"}) {
			t.Fatalf("%s: the project has now %v", line, list)
		}
	}
}

// names lists the folder that the test is in.
func names(t *testing.T) []string {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestStopEndsChildrenToo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	pid := filepath.Join(t.TempDir(), "pid")
	go func() {
		for {
			if b, err := os.ReadFile(pid); err == nil && len(b) > 1 {
				cancel()
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	_, _, err := try(t, ctx, Params{Script: "sleep 600 & echo $! > " + pid + "; wait", Outputs: []string{"o"}}, nil)
	if err == nil {
		t.Fatal("a stopped command succeeded")
	}
	b, _ := os.ReadFile(pid)
	for range 200 {
		state, err := os.ReadFile("/proc/" + strings.TrimSpace(string(b)) + "/stat")
		if err != nil || strings.Contains(string(state), ") Z ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("its child lives on")
}

func TestCheckSaysAllThatIsWrong(t *testing.T) {
	p := Params{Outputs: []string{"a b", "x"}, Env: []string{"novalue"}, Shard: []string{"x", "x"}}
	err := p.Check()
	for _, want := range []string{"say what to run", `"a b" is not a name`, `"novalue" is not NAME=value`, `shard: "x" is listed twice`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

func FuzzOutput(f *testing.F) {
	f.Add("::progress 1/2\n::count a 3\nline\r\n::warning \xff\nlast")
	f.Fuzz(func(t *testing.T, text string) {
		h := &heard{}
		o := &printed{to: step.Report(step.WithSink(t.Context(), h))}
		for i := 0; i < len(text); i += 7 { // however it comes in pieces
			o.Write([]byte(text[i:min(i+7, len(text))]))
		}
		o.flush()
		if len(o.last) > maxTail {
			t.Error("the tail grows")
		}
		for _, e := range h.events {
			if strings.ContainsRune(e.Log+e.Warning, '\n') || len(e.Log) > maxLine*4 {
				t.Errorf("event %+v", e)
			}
		}
	})
}
