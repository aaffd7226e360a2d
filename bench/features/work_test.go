//go:build linux

package features

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/klauspost/compress/zstd"

	"assay/engine/step"
	"assay/steps/features"
	"assay/steps/validate"
)

// work is what a process of its own does with a folder of stores, so that its
// processor time and its memory are of nothing else. Each store is a sub-folder;
// what a kind makes lies in out beside them.
func work(what, dir string) error {
	stores, err := filepath.Glob(filepath.Join(dir, "store-*"))
	if err != nil || len(stores) == 0 {
		return fmt.Errorf("no stores below %s: %w", dir, err)
	}
	job := map[string]func(string) error{
		"nothing": func(string) error { return nil }, "bare": bare, "validate": validation, "features": summaries,
		"both": both, "both at once": both,
	}[what]
	if what != "both at once" {
		for _, s := range stores {
			err = errors.Join(err, job(s))
		}
		return err
	}
	errs := make([]error, len(stores))
	var all sync.WaitGroup
	for i, s := range stores {
		all.Go(func() { errs[i] = job(s) })
	}
	all.Wait()
	return errors.Join(errs...)
}

func both(st string) error { return errors.Join(validation(st), summaries(st)) }

// bare decodes and hashes every file, with all memory used again.
func bare(st string) error {
	names, err := filepath.Glob(filepath.Join(st, "*", "*.tar.zst"))
	if err != nil {
		return err
	}
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return err
	}
	defer d.Close()
	var file, raw []byte
	for _, name := range names {
		if file, err = readInto(name, file[:0]); err != nil {
			return err
		}
		sha256.Sum256(file)
		if raw, err = d.DecodeAll(file, raw[:0]); err != nil {
			return err
		}
	}
	return nil
}

func readInto(name string, buf []byte) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return buf, err
	}
	defer f.Close()
	b := bytes.NewBuffer(buf)
	_, err = b.ReadFrom(f)
	return b.Bytes(), err
}

func validation(st string) error {
	return run(validate.Kind(), st, map[string]fs.FS{"episodes": os.DirFS(st)})
}

func summaries(st string) error {
	return run(features.Kind(), st, map[string]fs.FS{"episodes": os.DirFS(st), "index": os.DirFS(outDir(st, "validate", "index"))})
}

func outDir(st, kind, port string) string {
	return filepath.Join(filepath.Dir(st), "out", filepath.Base(st), kind, port)
}

// run runs a kind as the engine does.
func run(k *step.Kind, st string, from map[string]fs.FS) (err error) {
	in, out := step.Inputs{}, step.Outputs{}
	for port, fsys := range from {
		in[port] = []step.Input{{FS: fsys}}
	}
	for _, port := range k.Outputs {
		dir := outDir(st, k.Name, port.Name)
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			return err
		}
		defer root.Close()
		out[port.Name] = root
	}
	return k.Run(context.Background(), k.Params(), in, out)
}

// copies fills a folder with two stores, each half of the corpus, n times over.
// A copy is another episode: its name is changed, in the tar too.
func copies(corpus, dir string, n int) (episodes int, err error) {
	names, err := filepath.Glob(filepath.Join(corpus, "*", "*.tar.zst"))
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("no episodes below %s: %w", corpus, err)
	}
	for i, name := range names {
		st := filepath.Join(dir, fmt.Sprintf("store-%d", i%2), filepath.Base(filepath.Dir(name)))
		if err := os.MkdirAll(st, 0o777); err != nil {
			return 0, err
		}
		for k := range n {
			if err := copyOf(name, st, k); err != nil {
				return 0, err
			}
			episodes++
		}
	}
	return episodes, nil
}

const suffix = ".tar.zst"

func copyOf(name, st string, k int) error {
	file, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	id := filepath.Base(name)
	id = id[:len(id)-len(suffix)]
	renamed := id
	if k > 0 {
		renamed = fmt.Sprintf("%s%02d", id[:len(id)-2], k) // of one length, so that the tar stays a tar
		if file, err = repack(file, id, renamed); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	to := filepath.Join(st, renamed+suffix)
	sum := fmt.Sprintf("%x  %s\n", sha256.Sum256(file), renamed+suffix)
	return errors.Join(os.WriteFile(to, file, 0o666), os.WriteFile(to+".sha256", []byte(sum), 0o666))
}

func repack(file []byte, id, renamed string) ([]byte, error) {
	d, err := zstd.NewReader(bytes.NewReader(file), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	raw, err := io.ReadAll(d)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(bytes.ReplaceAll(raw, []byte(id), []byte(renamed))); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}
