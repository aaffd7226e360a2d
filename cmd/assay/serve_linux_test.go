package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"assay/engine/event"
	"assay/engine/journal"
)

// served is a dashboard in another process.
type served struct {
	cmd  *exec.Cmd
	url  string
	said bytes.Buffer
}

// serveIn starts a dashboard in a folder, and returns when it answers.
func serveIn(t *testing.T, dir string, args ...string) *served {
	t.Helper()
	s := &served{}
	s.cmd = exec.Command(sharedBinary(t), append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	s.cmd.Dir, s.cmd.Stderr = dir, &s.said
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%v: %s", err, &s.said)
	}
	s.url = strings.TrimSpace(strings.TrimPrefix(line, "dashboard: "))
	return s
}

// state returns the events that a new browser gets.
func (s *served) state(t *testing.T) string {
	t.Helper()
	resp, err := http.Get(s.url + "/state")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// until waits until the state holds a text.
func (s *served) until(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !strings.Contains(s.state(t), text); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s is not in %s", text, s.state(t))
		}
	}
}

// TestServeShowsARun lets a run go on in the store of a dashboard.
func TestServeShowsARun(t *testing.T) {
	dir := t.TempDir()
	s := serveIn(t, dir)
	log, err := journal.Begin(runsDir(dir+"/.assay"), journal.Run{Verb: "run", Recipe: "r.yaml", Jobs: 1, Began: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	log.Add(event.Event{T: 0.1, What: event.Started, Node: "a", Step: "a", Actions: 1},
		event.Event{T: 0.1, What: event.Running, Node: "a", Step: "a"})
	s.until(t, `"outcome":"running"`)
	s.until(t, `"name":"a","layer":0,"nodes":1,"done":0,"running":1`)
	log.Add(event.Event{T: 0.5, What: event.Ran, Node: "a", Step: "a"}, event.Event{T: 0.5, What: event.Finished, Node: "a", Step: "a"})
	s.until(t, `"name":"a","layer":0,"nodes":1,"done":1,"running":0`)
	if err := log.End(time.Now(), func(r *journal.Run) { r.Outcome = journal.OK }); err != nil {
		t.Fatal(err)
	}
	log.Close()
	s.until(t, `"outcome":"ok"`)
	s.cmd.Process.Signal(syscall.SIGTERM)
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v, %s", err, &s.said)
	}
}

// TestLoopEnds stops a producer that loops: it is no error, and it does not begin again.
func TestLoopEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := &publishFlags{loop: true}
	cycles := 0
	err := p.quiet(ctx, p.repeat(ctx, func(context.Context, sink) error {
		if cycles++; cycles == 3 {
			cancel()
		}
		return nil
	}, nil))
	if err != nil || cycles != 3 {
		t.Errorf("%d cycles, %v", cycles, err)
	}
	failed := fmt.Errorf("no")
	if err := p.quiet(t.Context(), p.repeat(t.Context(), func(context.Context, sink) error { return failed }, nil)); err != failed {
		t.Errorf("an error becomes %v", err)
	}
}

// TestToken posts to a dashboard with a token, with and without it.
func TestToken(t *testing.T) {
	dir := t.TempDir()
	token := filepath.Join(dir, "token")
	if err := os.WriteFile(token, []byte("0123456789abcdef\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serveIn(t, dir, "--token-file", token)
	for header, want := range map[string]int{"": 401, "Bearer 0123456789abcdef": 202} {
		req, err := http.NewRequest("POST", s.url+"/publish", strings.NewReader(`{"type":"model_metric","model":"m","value":1}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", header)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("with %q: %s", header, resp.Status)
		}
	}
}
