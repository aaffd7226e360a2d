package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"assay": func() { os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs testdata/*.txtar: command lines and their expected output.
func TestScripts(t *testing.T) {
	repo, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: false,
		Setup: func(env *testscript.Env) error {
			env.Setenv("REPO", repo)
			for _, who := range []string{"AUTHOR", "COMMITTER"} { // commits of git, the same wherever they are made
				env.Setenv("GIT_"+who+"_NAME", "a")
				env.Setenv("GIT_"+who+"_EMAIL", "a@example.org")
				env.Setenv("GIT_"+who+"_DATE", "2026-01-02T12:00:00Z")
			}
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "landlock" {
				return false, fmt.Errorf("no condition %q", name)
			}
			lsm, err := os.ReadFile("/sys/kernel/security/lsm")
			return err != nil || strings.Contains(string(lsm), name), nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"corpus":     cmdCorpus,
			"poke":       cmdPoke,
			"spoil":      cmdSpoil,
			"crlf":       cmdCRLF,
			"unpack":     cmdUnpack,
			"show-files": cmdShowFiles,
		},
	})
}

// cmdCorpus copies the first N episodes of every host of the bundled corpus:
// corpus DIR N.
func cmdCorpus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: corpus DIR N")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(copyCorpus(filepath.Join(ts.Getenv("REPO"), "testdata", "corpus"), ts.MkAbs(args[0]), n))
}

func copyCorpus(from, to string, n int) error {
	hosts, err := filepath.Glob(filepath.Join(from, "*", ""))
	if err != nil {
		return err
	}
	for _, host := range hosts {
		files, err := filepath.Glob(filepath.Join(host, "*.tar.zst"))
		if err != nil {
			return err
		}
		for _, f := range files[:min(n, len(files))] {
			for _, f := range []string{f, f + ".sha256"} {
				if err := copyFile(f, filepath.Join(to, filepath.Base(host), filepath.Base(f))); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func copyFile(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	return err
}

// cmdPoke changes one byte in the middle of a file: poke FILE.
func cmdPoke(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: poke FILE")
	}
	path := ts.MkAbs(args[0])
	b, err := os.ReadFile(path)
	ts.Check(err)
	b[len(b)/2] ^= 0x55
	ts.Check(os.WriteFile(path, b, 0o666))
}

// cmdSpoil overwrites what the store keeps of a file: spoil NODE.OUTPUT/FILE, of
// the recipe r.yaml.
func cmdSpoil(ts *testscript.TestScript, neg bool, args []string) {
	output, file, ok := strings.Cut(strings.Join(args, " "), "/")
	if neg || !ok {
		ts.Fatalf("usage: spoil NODE.OUTPUT/FILE")
	}
	ts.Check(ts.Exec("assay", "show", "r.yaml", output))
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if sum, name, _ := strings.Cut(strings.TrimSpace(line), "  "); name == file {
			blob := ts.MkAbs(filepath.Join(".assay", "blobs", sum[:2], sum))
			ts.Check(os.Chmod(blob, 0o644))
			ts.Check(os.WriteFile(blob, []byte("evil\n"), 0o644))
			return
		}
	}
	ts.Fatalf("%s has no file %s", output, file)
}

// cmdShowFiles shows a folder by a web server, whose address is $WEB: show-files DIR.
func cmdShowFiles(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: show-files DIR")
	}
	server := httptest.NewServer(http.FileServerFS(os.DirFS(ts.MkAbs(args[0]))))
	ts.Defer(server.Close)
	ts.Setenv("WEB", server.URL)
}

// cmdCRLF ends the lines of a file as Windows does: crlf FILE.
func cmdCRLF(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: crlf FILE")
	}
	text := strings.ReplaceAll(ts.ReadFile(args[0]), "\n", "\r\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}
