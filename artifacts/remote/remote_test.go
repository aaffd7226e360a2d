package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"assay/artifacts"
	"assay/artifacts/care"
	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
)

func quiet(int, int) {}

func oneFiles() map[string]string {
	return map[string]string{"a": "alpha", "d/b": strings.Repeat("beta", 1000)}
}

// filled is a server to which a store with one result was pushed.
func filled(t *testing.T) (*server, *store.Result) {
	t.Helper()
	s := newServer(t)
	r, st, _ := s.open(t, s.address(), quick())
	res := storetest.PutResult(t, st, "one", time.Second, oneFiles())
	if err := r.Push(t.Context(), Goods{Results: []artifacts.Digest{res.Key}}, false, quiet); err != nil {
		t.Fatal(err)
	}
	return s, res
}

func blobPart(t *testing.T, res *store.Result, name string) string {
	t.Helper()
	d, ok := res.Outputs[0].Tree.Lookup(name)
	if !ok {
		t.Fatal(name)
	}
	return d.String()
}

// bring finds a result and fetches its files.
func bring(t *testing.T, r *Remote, key artifacts.Digest) error {
	t.Helper()
	res, err := r.Find(t.Context(), key)
	if err == nil {
		err = r.Bring(t.Context(), res.Outputs[0].Tree)
	}
	return errors.Join(err, r.Settle())
}

func TestPushAndRead(t *testing.T) {
	s, want := filled(t)
	for _, address := range []string{s.address(), s.plain()} {
		r, st, warnings := s.open(t, address, quick())
		res, err := r.Find(t.Context(), want.Key)
		if err != nil || !res.Same(want) || res.Took != time.Second {
			t.Fatalf("%+v, %v", res, err)
		}
		if n := len(st.Lacks(res.Outputs[0].Tree)); n != 2 {
			t.Errorf("%d files lack; want 2, since nobody asked for any", n)
		}
		if _, err := st.Record(want.Key); !errors.Is(err, store.ErrMiss) {
			t.Errorf("a record of files that are not here: %v", err)
		}
		if err := bring(t, r, want.Key); err != nil {
			t.Fatal(err)
		}
		got, err := st.Lookup(want.Key, true)
		if err != nil || !got.Same(want) || len(*warnings) > 0 {
			t.Fatalf("%v %v %q", got, err, *warnings)
		}
		if c, err := care.Check(t.Context(), st, false, nil); err != nil || len(c.Problems) > 0 {
			t.Errorf("%+v %v", c, err)
		}
		if _, err := r.Find(t.Context(), artifacts.Of(nil)); !errors.Is(err, store.ErrMiss) {
			t.Errorf("a result that nobody made: %v", err)
		}
	}
}

func TestWhatIsThereIsNotSentAgain(t *testing.T) {
	s, _ := filled(t)
	var results []artifacts.Digest
	r, st, _ := s.open(t, s.address(), quick())
	for i := range 15 {
		files := map[string]string{}
		for j := range 60 {
			files[fmt.Sprint(j)] = fmt.Sprint(i, j)
		}
		results = append(results, storetest.PutResult(t, st, fmt.Sprint(i), 0, files).Key)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s.set(nil)
	err := r.Push(ctx, Goods{Results: results}, false, func(done, _ int) {
		if done == 300 {
			cancel() // as a kill would
		}
	})
	if err == nil {
		t.Fatal("the push was not stopped")
	}
	if n := s.count("PUT", "/"+records); n > 0 {
		t.Errorf("%d records came before their blobs", n)
	}
	again, err := Open(s.address(), st, quick())
	if err != nil {
		t.Fatal(err)
	}
	s.set(nil)
	if err := again.Push(t.Context(), Goods{Results: results}, false, quiet); err != nil {
		t.Fatal(err)
	}
	if n := s.count("PUT", "blobs/"); n < 300 || n > 620 {
		t.Errorf("%d blobs were sent after 300 of 915", n)
	}
	if n := s.count("HEAD", "blobs/") + s.count("GET", "blobs/"); n > 256*fewer {
		t.Errorf("%d requests asked what is there", n)
	}
	s.set(nil)
	if err := again.Push(t.Context(), Goods{Results: results}, false, quiet); err != nil || s.count("PUT", "") > 0 {
		t.Errorf("%v, and %d objects were sent twice", err, s.count("PUT", ""))
	}
}

func TestDamage(t *testing.T) {
	flip := func(b []byte) []byte { b[len(b)/2] ^= 1; return b }
	for _, test := range []struct {
		name, part string // "" is the file d/b
		how        func([]byte) []byte
		missing    bool // the record is as if it were not there
	}{
		{"blob with another byte", "", flip, false},
		{"blob that is cut", "", func(b []byte) []byte { return b[:100] }, false},
		{"blob with more", "", func(b []byte) []byte { return append(b, b...) }, false},
		{"blob that is gone", "", func([]byte) []byte { return nil }, false},
		{"record with another byte", records, flip, true},
		{"empty record", records, func([]byte) []byte { return []byte{} }, true},
		{"record of another output", records, func(b []byte) []byte {
			return []byte(strings.Replace(string(b), "output out ", "output tuo ", 1))
		}, true},
		{"list that is gone", "tree", func([]byte) []byte { return nil }, true},
		{"list with another byte", "tree", flip, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, want := filled(t)
			part := test.part
			switch part {
			case "":
				part = blobPart(t, want, "d/b")
			case "tree":
				part = want.Outputs[0].Tree.Digest().String()
			}
			s.change(t, part, test.how)
			r, st, warnings := s.open(t, s.address(), quick())
			err := bring(t, r, want.Key)
			if err == nil || errors.Is(err, store.ErrMiss) != test.missing {
				t.Fatalf("%v", err)
			}
			if _, err := st.Record(want.Key); err == nil {
				t.Error("a record of files that are not here")
			}
			if n := len(*warnings); n == 0 || n > maxSaid {
				t.Errorf("%d warnings: %q", n, *warnings)
			}
			if c, err := care.Check(t.Context(), st, false, nil); err != nil || len(c.Problems) > 0 {
				t.Errorf("the store is damaged: %+v %v", c, err)
			}
			// Whoever makes the result then mends the remote.
			res := storetest.PutResult(t, st, "one", time.Second, oneFiles())
			r.Offer(res.Key)
			if err := r.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			fresh, _, _ := s.open(t, s.address(), quick())
			if err := bring(t, fresh, want.Key); err != nil {
				t.Errorf("after it was made again: %v", err)
			}
		})
	}
}

func TestBrokenTransferGoesOn(t *testing.T) {
	s, want := filled(t)
	part := blobPart(t, want, "d/b")
	s.set(func(w http.ResponseWriter, r *http.Request, key string) bool {
		if strings.Contains(key, part) && r.Header.Get("Range") == "" {
			w.Header().Set("Content-Length", "4000")
			w.Header().Set("Last-Modified", "Fri, 02 Jan 2026 03:04:05 GMT")
			w.Write([]byte(strings.Repeat("beta", 250)))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
		return false
	})
	r, _, warnings := s.open(t, s.address(), quick())
	if err := bring(t, r, want.Key); err != nil || len(*warnings) > 0 {
		t.Fatalf("%v %q", err, *warnings)
	}
	if n := s.count("GET", part); n != 2 {
		t.Errorf("%d requests", n)
	}
}

func TestDenied(t *testing.T) {
	s, want := filled(t)
	deny := func(w http.ResponseWriter, _ *http.Request, _ string) bool {
		fail(w, http.StatusForbidden, "AccessDenied")
		return true
	}
	s.set(deny)
	r, st, warnings := s.open(t, s.address(), quick())
	for i := range 10 {
		if _, err := r.Find(t.Context(), artifacts.Of([]byte{byte(i)})); !errors.Is(err, store.ErrMiss) {
			t.Fatal(err)
		}
	}
	res := storetest.PutResult(t, st, "two", 0, map[string]string{"a": "x"})
	r.Offer(res.Key)
	r.Close(t.Context())
	if len(*warnings) != 1 || !strings.Contains((*warnings)[0], "AWS_ACCESS_KEY_ID") {
		t.Errorf("%q", *warnings)
	}
	if st := r.Stats(); st.Unsent != 1 {
		t.Errorf("%+v", st)
	}
	strict := quick()
	strict.Strict = true
	r, st, _ = s.open(t, s.address(), strict)
	res = storetest.PutResult(t, st, "two", 0, map[string]string{"a": "x"})
	for what, err := range map[string]error{
		"push": r.Push(t.Context(), Goods{Results: []artifacts.Digest{res.Key}}, false, quiet),
		"pull": func() error {
			_, err := r.Pull(t.Context(), Goods{Results: []artifacts.Digest{want.Key}}, quiet)
			return err
		}(),
	} {
		if !errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), "~/.aws/credentials") {
			t.Errorf("%s: %v", what, err)
		}
	}
	// Whoever may only read is told once, and reads.
	s.set(func(w http.ResponseWriter, r *http.Request, key string) bool {
		return r.Method == http.MethodPut && deny(w, r, key)
	})
	r, st, warnings = s.open(t, s.address(), quick())
	for i := range 5 {
		r.Offer(storetest.PutResult(t, st, fmt.Sprint(i), 0, map[string]string{"a": fmt.Sprint(i)}).Key)
	}
	if err := errors.Join(r.Close(t.Context()), bring(t, r, want.Key)); err != nil || len(*warnings) != 1 {
		t.Errorf("%v %q", err, *warnings)
	}
}

// Nothing a server does may hold up a run for ever: it says nothing, or a byte now and then.
func TestServersThatHang(t *testing.T) {
	for _, test := range []struct {
		name string
		how  func(s *server, w http.ResponseWriter, r *http.Request)
	}{
		{"says nothing", func(s *server, _ http.ResponseWriter, _ *http.Request) { <-s.over }},
		{"drips", func(_ *server, w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "4000")
			w.Header().Set("Last-Modified", "Fri, 02 Jan 2026 03:04:05 GMT")
			for r.Context().Err() == nil {
				w.Write([]byte("b"))
				w.(http.Flusher).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		}},
		{"fails", func(_ *server, w http.ResponseWriter, _ *http.Request) {
			fail(w, http.StatusInternalServerError, "InternalError")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, want := filled(t)
			s.set(func(w http.ResponseWriter, r *http.Request, key string) bool {
				if strings.HasSuffix(key, formatName) {
					return false
				}
				test.how(s, w, r)
				return true
			})
			o := quick()
			o.Stall, o.Small = 50*time.Millisecond, 300*time.Millisecond
			r, _, warnings := s.open(t, s.address(), o)
			for i := range 20 {
				if _, err := r.Find(t.Context(), artifacts.Of([]byte{byte(i)})); !errors.Is(err, store.ErrMiss) {
					t.Fatal(err)
				}
			}
			if n := s.count("GET", records); n > maxFailures*tries*tries {
				t.Errorf("%d requests to a server that does not work", n)
			}
			if n := len(*warnings); n == 0 || n > maxFailures+1 {
				t.Errorf("%q", *warnings)
			}
			s.set(func(w http.ResponseWriter, r *http.Request, _ string) bool { test.how(s, w, r); return true })
			r, _, warnings = s.open(t, s.address(), o)
			if _, err := r.Find(t.Context(), want.Key); !errors.Is(err, store.ErrMiss) || len(*warnings) != 1 {
				t.Errorf("%v %q", err, *warnings)
			}
		})
	}
}

func TestAServerThatTakesNothing(t *testing.T) {
	s, _ := filled(t)
	s.set(func(_ http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method == http.MethodPut {
			<-s.over
		}
		return r.Method == http.MethodPut
	})
	o := quick()
	o.Stall = 50 * time.Millisecond
	r, st, warnings := s.open(t, s.address(), o)
	for i := range 10 {
		r.Offer(storetest.PutResult(t, st, fmt.Sprint(i), 0, map[string]string{"a": fmt.Sprint(i)}).Key)
	}
	if err := r.Close(t.Context()); err != nil || r.Stats().Unsent != 10 || len(*warnings) == 0 {
		t.Errorf("%v %+v %q", err, r.Stats(), *warnings)
	}
}

func TestCloseEndsWithItsContext(t *testing.T) {
	s, _ := filled(t)
	s.set(func(http.ResponseWriter, *http.Request, string) bool { <-s.over; return true })
	r, st, _ := s.open(t, s.address(), Options{})
	r.Offer(storetest.PutResult(t, st, "x", 0, map[string]string{"a": "x"}).Key)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := r.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestDamagedBlobsAreNotSent(t *testing.T) {
	s := newServer(t)
	r, st, _ := s.open(t, s.address(), quick())
	res := storetest.PutResult(t, st, "one", 0, map[string]string{"a": "alpha"})
	path := st.Path(res.Outputs[0].Tree[0].Digest)
	if err := errors.Join(os.Chmod(path, 0o644), os.WriteFile(path, []byte("wrong"), 0o644),
		os.Chtimes(path, store.Sealed, store.Sealed)); err != nil {
		t.Fatal(err)
	}
	err := r.Push(t.Context(), Goods{Results: []artifacts.Digest{res.Key}}, false, quiet)
	if err == nil || !strings.Contains(err.Error(), "gone or damaged; make it again") {
		t.Errorf("%v", err)
	}
	if s.count("PUT", blobPart(t, res, "a"))+s.count("PUT", "/"+records) > 0 {
		t.Error("it was sent")
	}
}

func TestPullOfLocksAndAll(t *testing.T) {
	s, want := filled(t)
	tree := want.Outputs[0].Tree.Digest()
	r, st, _ := s.open(t, s.plain(), quick())
	lacks, err := r.Pull(t.Context(), Goods{Trees: []artifacts.Digest{tree, artifacts.Of(nil)}}, quiet)
	if err != nil || len(lacks.Trees) != 1 || len(st.Lacks(want.Outputs[0].Tree)) > 0 {
		t.Errorf("%v %v", lacks, err)
	}
	r, st, _ = s.open(t, s.address(), quick())
	keys, err := r.Keys(t.Context())
	if err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	if _, err := r.Pull(t.Context(), Goods{Results: keys}, quiet); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Lookup(want.Key, true); err != nil {
		t.Error(err)
	}
	r, _, _ = s.open(t, s.URL+"/lab/other", quick())
	if _, err := r.Pull(t.Context(), Goods{}, quiet); err == nil || !strings.Contains(err.Error(), "there is no store at") {
		t.Errorf("%v", err)
	}
}

func TestOtherThings(t *testing.T) {
	s, _ := filled(t)
	s.change(t, "p/"+formatName, func([]byte) []byte { return []byte("assay store 2\n") })
	r, _, _ := s.open(t, s.address(), quick())
	if err := r.Push(t.Context(), Goods{}, false, quiet); err == nil || !strings.Contains(err.Error(), "of another version") {
		t.Errorf("%v", err)
	}
}

func TestProbe(t *testing.T) {
	s, _ := filled(t)
	for _, address := range []string{s.address(), s.plain()} {
		list, err := Probe(t.Context(), address, quick())
		if err != nil || len(list) == 0 {
			t.Fatal(list, err)
		}
		for _, f := range list {
			if !f.OK {
				t.Errorf("%+v", f)
			}
		}
	}
	s.mu.Lock()
	for key := range s.objects {
		if strings.Contains(key, "probe") {
			t.Errorf("%s is left over", key)
		}
	}
	s.mu.Unlock()
	s.set(func(w http.ResponseWriter, _ *http.Request, _ string) bool {
		fail(w, http.StatusForbidden, "AccessDenied")
		return true
	})
	list, err := Probe(t.Context(), s.address(), quick())
	if err != nil || list[0].OK || list[0].Remedy == "" {
		t.Errorf("%+v %v", list, err)
	}
}

// Secrets stay out of whatever is said.
func TestSecretsAreNotSaid(t *testing.T) {
	s := newServer(t)
	s.set(func(w http.ResponseWriter, _ *http.Request, _ string) bool {
		fail(w, http.StatusForbidden, "SignatureDoesNotMatch not-a-secret")
		return true
	})
	o := quick()
	o.Strict = true
	r, _, warnings := s.open(t, s.address(), o)
	_, err := r.Find(t.Context(), artifacts.Of(nil))
	said := fmt.Sprint(err, *warnings)
	if !errors.Is(err, ErrDenied) || strings.Contains(said, " not-a-secret") || strings.Contains(said, "AKIDTEST") {
		t.Error(said)
	}
}
