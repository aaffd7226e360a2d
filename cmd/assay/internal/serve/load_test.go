package serve

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"assay/cmd/assay/internal/live/hub"
)

// The load: readers, of which some unpack and look at every event, and some read nothing.
const (
	loadReaders = 2000
	loadLookers = 16
	loadSlow    = 20
	loadRate    = 5000 // events a second
	loadSeconds = 15
	loadMemory  = 512 << 10 // KiB that the server may take

	// 250 ms is the aim, which the test prints the figure for. Readers and server share the
	// machine, so only a figure far above it says that something is broken.
	loadLate = 2 * time.Second
)

const serverVar = "ASSAY_LOAD_SERVER"

// TestMain lets the test's own program be the server of a load test, so that its memory is its own.
func TestMain(m *testing.M) {
	if os.Getenv(serverVar) == "" {
		os.Exit(m.Run())
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	ctx, cancel := context.WithCancel(context.Background())
	go func() { io.Copy(io.Discard, os.Stdin); cancel() }()
	if err := New(Options{MaxReaders: 4096}, hub.New(4096)).Serve(ctx, l); err != nil {
		panic(err)
	}
}

// TestLoad is for .ci/serve.sh: it takes the machine for a quarter of a minute.
func TestLoad(t *testing.T) {
	if os.Getenv("ASSAY_LOAD") == "" {
		t.Skip("set ASSAY_LOAD=1 for 2,000 readers and 5,000 events a second")
	}
	addr, pid := startServer(t)
	l := &load{t: t, addr: addr, began: time.Now()}
	for i := range loadReaders {
		l.connect(i < loadLookers)
	}
	for range loadSlow {
		l.idle()
	}
	untilMetric(t, "http://"+addr, "assay_readers", loadReaders+loadSlow)
	l.post()
	time.Sleep(time.Second) // for what is under way
	dropped := metricOf(t, "http://"+addr, "assay_readers_dropped_total")
	readers := metricOf(t, "http://"+addr, "assay_readers")
	memory := peakMemory(t, pid)
	l.close()
	slices.Sort(l.late)
	late := l.late[len(l.late)*99/100]
	t.Logf("%d events to %d readers: median %v, p99 %v, longest %v after they were posted; %d MiB at most, %d slow readers dropped",
		l.posted.Load(), readers, l.late[len(l.late)/2], late, l.late[len(l.late)-1], memory>>10, dropped)
	if late > loadLate || memory > loadMemory || readers < loadReaders || readers > loadReaders+loadSlow-dropped || dropped == 0 {
		t.Errorf("want p99 below %v, at most %d KiB, %d readers, and slow ones dropped", loadLate, loadMemory, loadReaders)
	}
	for i, n := range l.seen {
		if n.Load() != l.posted.Load() {
			t.Errorf("reader %d saw %d of %d events", i, n.Load(), l.posted.Load())
		}
	}
}

// startServer starts the server in a process of its own.
func startServer(t *testing.T) (addr string, pid int) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serverVar+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server: %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), cmd.Process.Pid
}

// load is what is going on.
type load struct {
	t      *testing.T
	addr   string
	began  time.Time
	posted atomic.Int64
	conns  []net.Conn
	wait   sync.WaitGroup
	seen   []*atomic.Int64 // events, of each reader that looks

	mu   sync.Mutex
	late []time.Duration
}

func (l *load) dial(encoding string) net.Conn {
	c, err := net.Dial("tcp", l.addr)
	if err != nil {
		l.t.Fatal(err)
	}
	fmt.Fprintf(c, "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: %s\r\n\r\n", encoding)
	l.conns = append(l.conns, c)
	return c
}

// connect adds a reader. One that looks unpacks what comes; the others only take it.
func (l *load) connect(looks bool) {
	c := l.dial("gzip")
	if !looks {
		l.wait.Go(func() { io.Copy(io.Discard, onlyReader{c}) })
		return
	}
	n := &atomic.Int64{}
	l.seen = append(l.seen, n)
	l.wait.Go(func() { l.look(c, n) })
}

// onlyReader keeps io.Copy from splicing, which a browser does not do either.
type onlyReader struct{ io.Reader }

// idle adds a reader that reads nothing.
func (l *load) idle() {
	c := l.dial("identity")
	if t, ok := c.(*net.TCPConn); ok {
		t.SetReadBuffer(4096)
	}
}

// look reads events and notes how late they are. They carry the time at which they were posted.
func (l *load) look(c net.Conn, n *atomic.Int64) {
	resp, err := http.ReadResponse(bufio.NewReaderSize(c, 64<<10), nil)
	if err != nil {
		l.t.Error(err)
		return
	}
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		l.t.Error(err)
		return
	}
	r := bufio.NewReaderSize(z, 64<<10)
	var late []time.Duration
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			break
		}
		_, rest, ok := bytes.Cut(line, []byte(`"t_s":`))
		if !ok {
			continue
		}
		digits, _, _ := bytes.Cut(rest, []byte(","))
		sent, err := strconv.ParseFloat(string(digits), 64)
		if err != nil {
			l.t.Error(err)
		}
		late = append(late, time.Since(l.began)-time.Duration(sent*1e9))
		n.Add(1)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.late = append(l.late, late...)
}

// post posts events at the rate, in posts of a hundred.
func (l *load) post() {
	const batch = 100
	tick := time.NewTicker(time.Second * batch / loadRate)
	defer tick.Stop()
	for range loadSeconds * loadRate / batch {
		<-tick.C
		var b bytes.Buffer
		for i := range batch {
			fmt.Fprintf(&b, `%c{"type":"telemetry_window","host":"lab-a1","episode":"ep-%d","t_s":%.6f,"channels":{"guest.cpu_user":%d}}`,
				"[,"[min(i, 1)], l.posted.Load(), time.Since(l.began).Seconds(), i)
			l.posted.Add(1)
		}
		b.WriteByte(']')
		resp, err := http.Post("http://"+l.addr+"/publish", "application/json", &b)
		if err != nil {
			l.t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusAccepted {
			l.t.Fatal(resp.Status)
		}
	}
}

func (l *load) close() {
	for _, c := range l.conns {
		c.Close()
	}
	l.wait.Wait()
}

// metricOf reads a number of /metrics.
func metricOf(t *testing.T, url, name string) int {
	_, text := do(t, "GET", url+"/metrics", "")
	m := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%s is not in %s", name, text)
	}
	v, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return int(v)
}

func untilMetric(t *testing.T, url, name string, want int) {
	for end := time.Now().Add(time.Minute); metricOf(t, url, name) != want; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s is %d, want %d", name, metricOf(t, url, name), want)
		}
	}
}

// peakMemory returns the most KiB that a process has had in memory; 0 where nothing tells.
func peakMemory(t *testing.T, pid int) int {
	if runtime.GOOS != "linux" {
		return 0
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(b)
	if m == nil {
		t.Fatalf("no VmHWM in %s", b)
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
