package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// collect returns what read puts into its channel, a line each.
func collect(t *testing.T, read func(chan<- Line) error) []string {
	t.Helper()
	lines, ended := make(chan Line), make(chan error, 1)
	go func() { ended <- read(lines); close(lines) }()
	var got []string
	for l := range lines {
		got = append(got, show(l))
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	return got
}

func show(l Line) string {
	if l.Broken != nil {
		return l.Source + "!"
	}
	return l.Source + ":" + string(l.Text)
}

func want(t *testing.T, got []string, all ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(all, "\n") {
		t.Errorf("got %.300q, want %q", got, all)
	}
}

func TestPipe(t *testing.T) {
	long := strings.Repeat("x", MaxLine+1)
	in := "a\r\n\n" + long + "\nb\n" + long[:MaxLine-1] + "\nc"
	got := collect(t, func(to chan<- Line) error { return Pipe(t.Context(), strings.NewReader(in), to) })
	want(t, got, ":a", "!", ":b", ":"+long[:MaxLine-1], ":c")
}

// recorder writes the files of a folder.
type recorder struct {
	t   *testing.T
	dir string
}

func (r recorder) add(name, text string) {
	r.t.Helper()
	f, err := os.OpenFile(filepath.Join(r.dir, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = io.WriteString(f, text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func row(ns int) string { return fmt.Sprintf(`{"t_wall_ns":%d}`, ns) }

// TestFollow reads files in the order of time, and goes on in a file that is cut off or replaced.
func TestFollow(t *testing.T) {
	r := recorder{t, t.TempDir()}
	r.add("labels.jsonl", `{"t_wall_ns":2,"phase":"clean"}`+"\n")
	r.add("telemetry-guest.jsonl", row(1)+"\n"+row(3)+"\n{torn")
	r.add("netflow.jsonl", row(2)+"\n"+row(4)+"\n")
	f := newFollower(r.dir)
	defer f.close()
	step := func() []string {
		return collect(t, func(to chan<- Line) error { return f.drain(t.Context(), to) })
	}
	label := `labels:{"t_wall_ns":2,"phase":"clean"}`
	want(t, step(), "guest:"+row(1), label, "netflow:"+row(2), "guest:"+row(3), "netflow:"+row(4))
	r.add("telemetry-guest.jsonl", "}\n")
	r.add("telemetry-qmp.jsonl", row(5)+"\n")
	want(t, step(), "guest:{torn}", "qmp:"+row(5))

	// A file that was rotated is read to its end first.
	r.add("netflow.jsonl", row(6)+"\n")
	if err := os.Rename(filepath.Join(r.dir, "netflow.jsonl"), filepath.Join(r.dir, "netflow.jsonl.1")); err != nil {
		t.Fatal(err)
	}
	r.add("netflow.jsonl", row(7)+"\n")
	// One that was cut off begins again.
	if err := os.Truncate(filepath.Join(r.dir, "telemetry-qmp.jsonl"), 0); err != nil {
		t.Fatal(err)
	}
	want(t, step(), "netflow:"+row(6), "netflow:"+row(7))
	r.add("telemetry-qmp.jsonl", row(8)+"\n"+strings.Repeat("x", 3*MaxLine)+"\n"+row(9)+"\n")
	want(t, step(), "qmp:"+row(8), "qmp!", "qmp:"+row(9))
}

// TestFollowEnds ends with the recording, and says how long it was.
func TestFollowEnds(t *testing.T) {
	r := recorder{t, t.TempDir()}
	r.add("netflow.jsonl", row(1)+"\n")
	r.add("meta.json", "{\n}")
	r.add("done", "")
	want(t, collect(t, func(to chan<- Line) error { return Follow(t.Context(), r.dir, to) }), "netflow:"+row(1), "meta:{\n}")
	if err := Follow(t.Context(), filepath.Join(r.dir, "none"), nil); err == nil {
		t.Error("a folder that is not there is followed")
	}
}

func TestPost(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	lines, ended := make(chan Line, 10), make(chan error, 1)
	go func() { ended <- Post(ctx, l, "secret", lines) }()
	post := func(method, body string, header ...string) int {
		req, err := http.NewRequest(method, "http://"+l.Addr().String(), strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	const token = "Bearer secret"
	for _, c := range []struct{ got, want int }{
		{post("POST", "a\nb\n", "Authorization", token), 204},
		{post("POST", "x", "Authorization", "Bearer wrong"), 401},
		{post("POST", "x"), 401},
		{post("GET", "", "Authorization", token), 405},
		{post("POST", "x", "Authorization", token, "Origin", "http://evil.example"), 403},
	} {
		if c.got != c.want {
			t.Errorf("status %d, want %d", c.got, c.want)
		}
	}
	stop()
	if err := <-ended; err == nil {
		t.Error("no error after the end of the context")
	}
	close(lines)
	var got []string
	for line := range lines {
		got = append(got, show(line))
	}
	want(t, got, ":a", ":b")
}
