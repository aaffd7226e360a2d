package remote

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
)

// server is a bucket "lab" in memory, with what may go wrong with one.
type server struct {
	*httptest.Server
	mu      sync.Mutex
	objects map[string][]byte
	asked   []string      // "GET key"
	over    chan struct{} // closed at the end, since a handler that has not read a body never hears of its client
	fault   func(w http.ResponseWriter, r *http.Request, key string) (done bool)
}

func newServer(t *testing.T) *server {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDTEST")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
	t.Setenv("HOME", t.TempDir())
	s := &server{objects: map[string][]byte{}, over: make(chan struct{})}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(func() {
		close(s.over)
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// address is that of the bucket as S3, plain that of its files.
func (s *server) address() string { return strings.Replace(s.URL, "http", "s3+http", 1) + "/lab/p" }
func (s *server) plain() string   { return s.URL + "/lab/p" }

// quick are options under which nothing takes long.
func quick() Options {
	return Options{Stall: 300 * time.Millisecond, Small: 2 * time.Second, First: 2 * time.Second,
		Wait: time.Millisecond}
}

// open returns a remote with an empty store.
func (s *server) open(t *testing.T, address string, o Options) (*Remote, *store.Store, *[]string) {
	t.Helper()
	st, warnings := storetest.Open(t)
	r, err := Open(address, st, o)
	if err != nil {
		t.Fatal(err)
	}
	return r, st, warnings
}

// set makes a fault happen from now on; nil ends it.
func (s *server) set(fault func(w http.ResponseWriter, r *http.Request, key string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.asked = fault, nil
}

// count counts the requests since the last set.
func (s *server) count(method, part string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.asked {
		if strings.HasPrefix(a, method) && strings.Contains(a, part) {
			n++
		}
	}
	return n
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	key := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/lab"), "/")
	s.mu.Lock()
	s.asked = append(s.asked, r.Method+" "+key+r.URL.Query().Get("prefix"))
	fault := s.fault
	s.mu.Unlock()
	if fault != nil && fault(w, r, key) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Method {
	case http.MethodPut:
		body, err := readBody(r)
		if err != nil {
			fail(w, http.StatusBadRequest, "IncompleteBody")
			return
		}
		s.objects[key] = body
		w.Header().Set("ETag", `"x"`)
	case http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case http.MethodGet, http.MethodHead:
		if key == "" {
			s.list(w, r.URL.Query().Get("prefix"))
			return
		}
		body, ok := s.objects[key]
		if !ok {
			fail(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Header().Set("ETag", `"x"`)
		http.ServeContent(w, r, "", time.Unix(1e9, 0), bytes.NewReader(body))
	}
}

func fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
}

func (s *server) list(w http.ResponseWriter, prefix string) {
	type object struct {
		Key          string
		Size         int
		LastModified string
	}
	var result struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Name     string
		Contents []object
	}
	for key, body := range s.objects {
		if strings.HasPrefix(key, prefix) {
			result.Contents = append(result.Contents, object{key, len(body), "2026-01-02T03:04:05Z"})
		}
	}
	slices.SortFunc(result.Contents, func(a, b object) int { return strings.Compare(a.Key, b.Key) })
	text, _ := xml.Marshal(result)
	w.Write(text)
}

// readBody reads what was sent, which may come as signed chunks.
func readBody(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	in, out := bufio.NewReader(r.Body), []byte{}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseInt(size, 16, 32)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return out, nil
		}
		chunk := make([]byte, n+2)
		if _, err := io.ReadFull(in, chunk); err != nil {
			return nil, err
		}
		out = append(out, chunk[:n]...)
	}
}

// change changes the objects whose names contain part.
func (s *server) change(t *testing.T, part string, to func([]byte) []byte) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for key, body := range s.objects {
		if strings.Contains(key, part) {
			n++
			if s.objects[key] = to(bytes.Clone(body)); s.objects[key] == nil {
				delete(s.objects, key)
			}
		}
	}
	if n == 0 {
		t.Fatalf("no object's name contains %s", part)
	}
}
