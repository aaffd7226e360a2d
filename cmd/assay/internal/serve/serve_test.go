package serve

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"assay/cmd/assay/internal/live"
	"assay/cmd/assay/internal/live/hub"
)

const good = `{"type":"model_metric","model":"gbt","value":0.7}`

// start runs a dashboard and returns its address.
func start(t testing.TB, o Options) string {
	t.Helper()
	if o.MaxReaders == 0 {
		o.MaxReaders = 10
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- New(o, hub.New(o.MaxReaders)).Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

// do sends a request with headers as "Name: value", and returns the status and the answer.
func do(t testing.TB, method, url, body string, headers ...string) (int, string) {
	t.Helper()
	resp := ask(t, method, url, strings.NewReader(body), headers...)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func ask(t testing.TB, method, url string, body io.Reader, headers ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			req.Host = value
		}
		req.Header.Set(name, value)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

const isJSON = "Content-Type: application/json"

// TestPosts sends good and bad posts. Between bad ones, good ones arrive, and nothing else.
func TestPosts(t *testing.T) {
	url := start(t, Options{})
	for i, c := range []struct {
		body    string
		headers []string
		status  int
		want    string
	}{
		{good, nil, 415, "application/json"},
		{good, []string{"Content-Type: text/plain"}, 415, "application/json"},
		{good, []string{"Content-Type: application/x-www-form-urlencoded"}, 415, "application/json"},
		{good, []string{isJSON, "Content-Encoding: gzip"}, 415, "no Content-Encoding"},
		{good, []string{"Content-Type: application/json; charset=utf-8"}, 202, `{"accepted":1}`},
		{"[" + good + "," + good + "]", []string{isJSON}, 202, `{"accepted":2}`},
		{"[]", []string{isJSON}, 202, `{"accepted":0}`},
		{`{"type":`, []string{isJSON}, 400, "not JSON"},
		{strings.Repeat("[", 100_000), []string{isJSON}, 400, "nested"},
		{"", []string{isJSON}, 400, "empty"},
		{`{"type":"x"}`, []string{isJSON}, 422, "not a type"},
		{"[" + good + `,{"type":"model_metric","model":"bad"}]`, []string{isJSON}, 422, "event 1: value: it is missing"},
		{strings.Repeat(" ", live.MaxBody) + good, []string{isJSON}, 413, "in parts"},
	} {
		status, text := do(t, "POST", url+"/publish", c.body, c.headers...)
		if status != c.status || !strings.Contains(text, c.want) {
			t.Errorf("post %d: %d %s; want %d, %s", i, status, text, c.status, c.want)
		}
		own := fmt.Sprintf(`{"type":"model_metric","model":"after-%d","value":1}`, i)
		if status, text := do(t, "POST", url+"/publish", own, isJSON); status != 202 {
			t.Fatalf("after post %d: %d %s", i, status, text)
		}
	}
	state := untilState(t, url, "after-12")
	if n := strings.Count(state, "after-"); n != 13 || strings.Contains(state, `"bad"`) {
		t.Errorf("%d of 13 are there: %s", n, state)
	}
}

// untilState waits until the state holds a text.
func untilState(t testing.TB, url, text string) string {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		_, state := do(t, "GET", url+"/state", "")
		if strings.Contains(state, text) {
			if !json.Valid([]byte(state)) {
				t.Fatalf("this is not JSON: %s", state)
			}
			return state
		}
		if time.Now().After(end) {
			t.Fatalf("%q is not in %s", text, state)
		}
	}
}

// TestStrangers tries to come in from other sites and by other names.
func TestStrangers(t *testing.T) {
	url := start(t, Options{Hosts: []string{"lab.example"}})
	port := url[strings.LastIndex(url, ":"):]
	for _, c := range []struct {
		method, path string
		headers      []string
		status       int
	}{
		{"POST", "/publish", []string{isJSON}, 202},
		{"POST", "/publish", []string{isJSON, "Host: evil.example"}, 421},
		{"GET", "/state", []string{"Host: evil.example" + port}, 421},
		{"GET", "/", []string{"Host: 127.0.0.1.evil.example"}, 421},
		{"GET", "/", []string{"Host: localhost.evil.example" + port}, 421},
		{"GET", "/", []string{"Host: localhost" + port}, 200},
		{"GET", "/", []string{"Host: [::1]" + port}, 200},
		{"GET", "/", []string{"Host: LAB.example" + port}, 200},
		{"POST", "/publish", []string{isJSON, "Origin: " + url}, 202},
		{"POST", "/publish", []string{isJSON, "Origin: https://evil.example"}, 403},
		{"POST", "/publish", []string{isJSON, "Origin: null"}, 403},
		{"POST", "/publish", []string{isJSON, "Origin: http://127.0.0.1:1"}, 403},
		{"POST", "/publish", []string{isJSON, "Origin: file://" + strings.TrimPrefix(url, "http://")}, 403},
		{"POST", "/publish", []string{isJSON, "Sec-Fetch-Site: cross-site"}, 403},
		{"POST", "/publish", []string{isJSON, "Sec-Fetch-Site: same-site"}, 403},
		{"POST", "/publish", []string{isJSON, "Sec-Fetch-Site: same-origin"}, 202},
		{"GET", "/events", []string{"Sec-Fetch-Site: cross-site"}, 403},
		{"GET", "/state", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"}, 403},
		{"GET", "/", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"}, 200},
		{"GET", "/", []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"}, 403},
		{"DELETE", "/publish", nil, 405},
		{"GET", "/serve.go", nil, 404},
		{"GET", "/%2e%2e/serve.go", nil, 404},
		{"GET", "/schema/..%2fpage.go", nil, 404},
	} {
		if status, text := do(t, c.method, url+c.path, good, c.headers...); status != c.status {
			t.Errorf("%s %s %v: %d %s; want %d", c.method, c.path, c.headers, status, text, c.status)
		}
	}
}

func TestToken(t *testing.T) {
	const token = "0123456789abcdef"
	url := start(t, Options{Token: token})
	for _, c := range []struct {
		method, path string
		headers      []string
		status       int
	}{
		{"POST", "/publish", []string{isJSON}, 401},
		{"POST", "/publish", []string{isJSON, "Authorization: Bearer 0123456789abcdeF"}, 401},
		{"POST", "/publish", []string{isJSON, "Authorization: Bearer "}, 401},
		{"POST", "/publish", []string{isJSON, "Authorization: " + token}, 401},
		{"POST", "/publish", []string{isJSON, "Authorization: Bearer " + token}, 202},
		{"POST", "/publish", []string{isJSON, "Cookie: assay=" + token}, 401},
		{"GET", "/events", nil, 401},
		{"GET", "/state", nil, 401},
		{"GET", "/metrics", nil, 401},
		{"GET", "/app.js", nil, 401},
		{"GET", "/", nil, 303},
		{"GET", "/login", nil, 200},
		{"GET", "/login.css", nil, 200},
		{"GET", "/healthz", nil, 200},
		{"POST", "/login", []string{"Content-Type: application/x-www-form-urlencoded"}, 401},
	} {
		if status, text := do(t, c.method, url+c.path, good, c.headers...); status != c.status {
			t.Errorf("%s %s %v: %d %s; want %d", c.method, c.path, c.headers, status, text, c.status)
		}
	}
	resp := ask(t, "POST", url+"/login", strings.NewReader("token="+token), "Content-Type: application/x-www-form-urlencoded", "Origin: "+url)
	resp.Body.Close()
	cookies := resp.Cookies()
	if resp.StatusCode != 303 || len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode || strings.Contains(cookies[0].Value, token) {
		t.Fatalf("%d %v", resp.StatusCode, cookies)
	}
	if status, _ := do(t, "GET", url+"/state", "", "Cookie: assay="+cookies[0].Value); status != 200 {
		t.Errorf("with the cookie: %d", status)
	}
}

// reader reads a stream of events.
type reader struct {
	*bufio.Reader
	body io.Closer
}

func listen(t testing.TB, url string, headers ...string) *reader {
	t.Helper()
	resp := ask(t, "GET", url+"/events", nil, append([]string{"Accept-Encoding: identity"}, headers...)...)
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" {
		t.Fatalf("%v", resp)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return &reader{bufio.NewReader(resp.Body), resp.Body}
}

// until reads lines until one begins with a text, and returns that one and all that were read.
func (r *reader) until(t testing.TB, begins string) (line, all string) {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		all += line
		if err != nil {
			t.Fatalf("%v after %s", err, all)
		}
		if strings.HasPrefix(line, begins) {
			return strings.TrimSpace(line), all
		}
	}
}

// TestReadersComeAgain reads, goes, and goes on with the last ID; then with one of another server.
func TestReadersComeAgain(t *testing.T) {
	url := start(t, Options{})
	r := listen(t, url)
	r.until(t, "event: ready")
	do(t, "POST", url+"/publish", good, isJSON)
	id, _ := r.until(t, "id: ")
	r.until(t, "data: ")
	r.body.Close()
	do(t, "POST", url+"/publish", strings.Replace(good, "gbt", "knn", 1), isJSON)
	untilState(t, url, "knn")
	if line, all := listen(t, url, "Last-Event-ID: "+strings.TrimPrefix(id, "id: ")).until(t, "data: "); !strings.Contains(line, "knn") || strings.Contains(all, "reset") {
		t.Errorf("goes on with %s", all)
	}
	_, all := listen(t, url, "Last-Event-ID: 0000-1").until(t, "event: ready")
	if !strings.Contains(all, "event: reset") || !strings.Contains(all, "knn") || !strings.Contains(all, "gbt") {
		t.Errorf("the state is %s", all)
	}
}

func TestPackedStream(t *testing.T) {
	url := start(t, Options{})
	resp := ask(t, "GET", url+"/events", nil, "Accept-Encoding: br, gzip")
	defer resp.Body.Close()
	if resp.Header.Get("Content-Encoding") != "gzip" {
		t.Fatal(resp.Header)
	}
	z, err := gzip.NewReader(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{bufio.NewReader(z), resp.Body}
	r.until(t, "event: ready")
	do(t, "POST", url+"/publish", good, isJSON)
	if line, _ := r.until(t, `data: {"type"`); line != "data: "+good {
		t.Errorf("%s", line)
	}
}

// TestSlowReader opens a reader that reads nothing while much comes: it is dropped, and nobody waits.
func TestSlowReader(t *testing.T) {
	url := start(t, Options{})
	slow := listen(t, url)
	quick := listen(t, url)
	quick.until(t, "event: ready")
	go io.Copy(io.Discard, quick)
	curve := "[0" + strings.Repeat(",0.123456789", 1999) + "]"
	profile := `{"type":"attack_profile","name":"n","shape":"","curve":` + curve + "}"
	for range 10_000 {
		if status, text := do(t, "POST", url+"/publish", "["+strings.Repeat(profile+",", 4)+profile+"]", isJSON); status != 202 && status != 429 {
			t.Fatalf("%d %s", status, text)
		}
		if _, text := do(t, "GET", url+"/metrics", ""); strings.Contains(text, "\nassay_readers 1\n") {
			io.Copy(io.Discard, slow) // ends, well or not: a browser comes again in both cases
			return
		}
	}
	t.Error("the slow reader is still there")
}

func TestCrowdAndRate(t *testing.T) {
	url := start(t, Options{MaxReaders: 1, Rate: 3})
	listen(t, url).until(t, "event: ready")
	resp := ask(t, "GET", url+"/events", nil)
	resp.Body.Close()
	if resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("a reader too many: %v", resp)
	}
	resp = ask(t, "POST", url+"/publish", strings.NewReader("["+strings.Repeat(good+",", 9)+good+"]"), isJSON)
	resp.Body.Close()
	if resp.StatusCode != 429 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("events too many: %v", resp)
	}
}

func TestBucket(t *testing.T) {
	now := time.Unix(0, 0)
	b := newBucket(10, func() time.Time { return now })
	if !b.take(20) || b.take(1) {
		t.Error("a full bucket does not hold two seconds' worth")
	}
	now = now.Add(500 * time.Millisecond)
	if !b.take(5) || b.take(1) {
		t.Error("half a second is not worth 5")
	}
	now = now.Add(time.Hour)
	if b.take(21) || !b.take(20) {
		t.Error("the bucket runs over, or is empty after a pause")
	}
	if free := newBucket(0, time.Now); !free.take(1 << 30) {
		t.Error("without a rate there is a limit")
	}
}

// TestPage checks that the page is whole, needs nothing from elsewhere, and is protected.
func TestPage(t *testing.T) {
	srv := httptest.NewServer(New(Options{}, hub.New(1)))
	defer srv.Close()
	for path, kind := range map[string]string{
		"/": "text/html", "/page.css": "text/css", "/app.js": "text/javascript", "/util.js": "text/javascript", "/state.js": "text/javascript",
		"/stream.js": "text/javascript", "/models.js": "text/javascript", "/cost.js": "text/javascript", "/confusion.js": "text/javascript",
		"/profiles.js": "text/javascript", "/run.js": "text/javascript", "/icon.svg": "image/svg+xml", "/login": "text/html",
	} {
		resp := ask(t, "GET", srv.URL+path, nil)
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), kind) || len(text) == 0 {
			t.Errorf("%s: %v, %v", path, resp, err)
		}
		if !strings.Contains(resp.Header.Get("Content-Security-Policy"), "default-src 'self'") || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s is not protected: %v", path, resp.Header)
		}
		foreign := strings.ReplaceAll(string(text), "http://www.w3.org/2000/svg", "")
		if strings.Contains(foreign, "http://") || strings.Contains(foreign, "https://") || strings.Contains(foreign, "innerHTML") {
			t.Errorf("%s refers to another site, or puts texts in as HTML", path)
		}
	}
}

func TestMachines(t *testing.T) {
	url := start(t, Options{Version: "v1"})
	if status, text := do(t, "GET", url+"/healthz", ""); status != 200 || text != "ok\n" {
		t.Errorf("%d %s", status, text)
	}
	do(t, "POST", url+"/publish", good, isJSON)
	do(t, "POST", url+"/publish", "{", isJSON)
	_, text := do(t, "GET", url+"/metrics", "")
	for _, want := range []string{"\nassay_events_total 1\n", "\nassay_posts_bad_total 1\n", "# TYPE assay_readers gauge\n", `assay_build_info{version="v1"} 1`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, name := range live.Types() {
		if status, text := do(t, "GET", url+"/schema/"+name+".json", ""); status != 200 || !json.Valid([]byte(text)) {
			t.Errorf("schema %s: %d", name, status)
		}
	}
}
