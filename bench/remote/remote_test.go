package remote

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"assay/artifacts"
	"assay/artifacts/remote"
	"assay/artifacts/store"
	"assay/bench/turns"
)

// atOnce is how many files both sides copy at once.
const atOnce = 16

// BenchmarkCopy reports MB a second of push and pull, and what they are of a bare copy: above 1 ours
// takes longer. A bare copy believes what comes; a checked one hashes each file too, as a pull does. The
// best of ASSAY_BENCH_ROUNDS counts, 3 unless said.
func BenchmarkCopy(b *testing.B) {
	at := os.Getenv("ASSAY_BENCH_REMOTE")
	if at == "" {
		b.Skip("ASSAY_BENCH_REMOTE names no bucket")
	}
	for _, set := range []struct {
		name        string
		files, size int
	}{{"small", 500, 8 << 10}, {"large", 6, 24 << 20}} {
		b.Run(set.name, func(b *testing.B) {
			for b.Loop() {
				compare(b, at, set.files, set.size)
			}
		})
	}
}

// compare copies files both ways, in turns.
func compare(b *testing.B, at string, files, size int) {
	best := map[string]float64{}
	keep := func(what string, f func() error) {
		began := time.Now()
		if err := f(); err != nil {
			b.Fatal(what, err)
		}
		took := time.Since(began).Seconds()
		if old, ok := best[what]; !ok || took < old {
			best[what] = took
		}
	}
	for round := range turns.Number(b, "ASSAY_BENCH_ROUNDS", 3) {
		prefix := fmt.Sprintf("%s/bench-%s-%d", at, strings.ToLower(rand.Text()), round)
		st, res := fill(b, files, size)
		far := open(b, b.TempDir())
		bare := newBare(b, prefix+"-bare")
		goods := remote.Goods{Results: []artifacts.Digest{res.Key}}
		bareDir := b.TempDir()
		keep("bare-push", func() error { return bare.push(b.Context(), st, res.Outputs[0].Tree) })
		keep("push", func() error { return tier(b, prefix, st).Push(b.Context(), goods, false, func(int, int) {}) })
		keep("bare-pull", func() error { return bare.pull(b.Context(), bareDir, res.Outputs[0].Tree) })
		keep("checked-pull", func() error { return bare.check(b.Context(), b.TempDir(), res.Outputs[0].Tree) })
		keep("pull", func() error {
			_, err := tier(b, prefix, far).Pull(b.Context(), goods, func(int, int) {})
			return err
		})
		if _, err := far.Lookup(res.Key, false); err != nil {
			b.Fatal(err)
		}
	}
	mb := float64(files) * float64(size) / 1e6
	for _, what := range []string{"push", "pull"} {
		b.ReportMetric(mb/best[what], what+"-MB/s")
		b.ReportMetric(best[what]/best["bare-"+what], what+"-of-bare")
	}
	b.ReportMetric(best["pull"]/best["checked-pull"], "pull-of-checked")
}

func open(b *testing.B, dir string) *store.Store {
	b.Helper()
	st, err := store.Open(filepath.Join(dir, "store"), func(w string) { b.Log(w) })
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { st.Close() })
	return st
}

func tier(b *testing.B, at string, st *store.Store) *remote.Remote {
	b.Helper()
	r, err := remote.Open(at, st, remote.Options{Strict: true})
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// fill makes a store with one result.
func fill(b *testing.B, files, size int) (*store.Store, *store.Result) {
	b.Helper()
	st := open(b, b.TempDir())
	place, err := st.Scratch()
	if err != nil {
		b.Fatal(err)
	}
	text := make([]byte, size)
	for i := range files {
		rand.Read(text)
		if err := os.WriteFile(filepath.Join(place.Dir, fmt.Sprint(i)), text, 0o666); err != nil {
			b.Fatal(err)
		}
	}
	tree, _, err := st.Commit(place.Dir, store.Inputs{})
	if err != nil {
		b.Fatal(err)
	}
	res := &store.Result{Text: fmt.Appendf(nil, "assay action 1\nkind k@1\nparams {\"n\":%q}\noutput out\n", tree.Digest()),
		Outputs: []store.Output{{Port: "out", Tree: tree}}}
	res.Key = artifacts.Of(res.Text)
	if err := st.PutResult(res); err != nil {
		b.Fatal(err)
	}
	return st, res
}

// bare is a copy with nothing but minio-go.
type bare struct {
	client         *minio.Client
	bucket, prefix string
}

func newBare(b *testing.B, at string) *bare {
	b.Helper()
	a, err := remote.ParseAddress(at)
	if err != nil {
		b.Fatal(err)
	}
	c, err := minio.New(a.Host, &minio.Options{Creds: credentials.NewEnvAWS(), Secure: a.Secure, Region: a.Region})
	if err != nil {
		b.Fatal(err)
	}
	return &bare{c, a.Bucket, a.Prefix}
}

func (c *bare) push(ctx context.Context, st *store.Store, t artifacts.Tree) error {
	return each(t, func(f artifacts.File) error {
		_, err := c.client.FPutObject(ctx, c.bucket, c.key(f), st.Path(f.Digest),
			minio.PutObjectOptions{DisableContentSha256: true}) // gofakes3 keeps the signatures of parts among the bytes
		return err
	})
}

func (c *bare) pull(ctx context.Context, dir string, t artifacts.Tree) error {
	return each(t, func(f artifacts.File) error {
		return c.client.FGetObject(ctx, c.bucket, c.key(f), filepath.Join(dir, f.Name), minio.GetObjectOptions{})
	})
}

// check is pull that hashes each file when it is here.
func (c *bare) check(ctx context.Context, dir string, t artifacts.Tree) error {
	return each(t, func(f artifacts.File) error {
		path := filepath.Join(dir, f.Name)
		if err := c.client.FGetObject(ctx, c.bucket, c.key(f), path, minio.GetObjectOptions{}); err != nil {
			return err
		}
		d, err := artifacts.HashFile(path)
		if err == nil && d != f.Digest {
			err = fmt.Errorf("%s is damaged", f.Name)
		}
		return err
	})
}

// key names an object as a remote does: servers that keep objects as files make as many folders for both.
func (c *bare) key(f artifacts.File) string {
	name := f.Digest.String()
	return c.prefix + "/" + name[:2] + "/" + name
}

// each calls do for every file, some at once.
func each(t artifacts.Tree, do func(artifacts.File) error) error {
	slots, errs := make(chan struct{}, atOnce), make(chan error, len(t))
	for _, f := range t {
		slots <- struct{}{}
		go func() {
			errs <- do(f)
			<-slots
		}()
	}
	for range t {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}
