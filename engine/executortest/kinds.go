package executortest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"assay/engine/event"
	"assay/engine/step"
)

type (
	filesIn  struct{ Files fs.FS }
	shardsIn struct {
		Files fs.FS `step:"shard"`
	}
	manyIn struct {
		Many []step.Input `step:"origin"`
	}
	filesOut   struct{ Files *os.Root }
	copyParams struct {
		Suffix string `json:"suffix"`
	}
	talkParams struct {
		End string `json:"end"`
	}
)

// Kinds returns the kinds that the tests run. An executor that starts processes must have them
// in those processes too.
func Kinds() []*step.Kind {
	return []*step.Kind{
		step.Define("copy", "1", "Copy files", copyParams{}, copyFiles),
		step.Define("each", "1", "Copy files, in shards", struct{}{},
			func(ctx context.Context, _ struct{}, in shardsIn, out filesOut) error {
				return copyFiles(ctx, copyParams{}, filesIn(in), out)
			}),
		step.Define("join", "1", "Join one.txt of all inputs, each after its labels", struct{}{}, join),
		step.Define("talk", "1", "Report what there is to report, and end as it is told", talkParams{}, talk),
		step.Define("where", "1", "Write what was granted", struct{}{}, where),
		step.Define("stages", "1", "Work in stages, and fail after the first two", struct{}{}, stages),
		step.Define("nothing", "1", "Make nothing", struct{}{},
			func(context.Context, struct{}, filesIn, filesOut) error { return nil }),
	}
}

func copyFiles(_ context.Context, p copyParams, in filesIn, out filesOut) error {
	return fs.WalkDir(in.Files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(in.Files, name)
		if err != nil {
			return err
		}
		return out.Files.WriteFile(name[strings.LastIndexByte(name, '/')+1:], append(text, p.Suffix...), 0o666)
	})
}

func join(_ context.Context, _ struct{}, in manyIn, out filesOut) error {
	var b strings.Builder
	for _, i := range in.Many {
		text, err := fs.ReadFile(i.FS, "one.txt")
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "[%s] %s %t %s", i.Labels, i.From, len(i.Digest) == 64, text)
	}
	return out.Files.WriteFile("all", []byte(b.String()), 0o666)
}

// talk reports one message of each type, and ends as its parameter says.
func talk(ctx context.Context, p talkParams, in filesIn, _ filesOut) error {
	r := step.Report(ctx)
	r.Progress(1, 2)
	r.Status("half of it")
	r.Count("things", 7)
	r.Warnf("a warning")
	r.Logf("a line")
	switch p.End {
	case "error":
		return fmt.Errorf("it broke: %s", "two.txt")
	case "panic":
		panic("as it was told")
	case "wait":
		<-ctx.Done()
		return ctx.Err()
	case "":
		return nil
	}
	return errors.New("it was told " + p.End)
}

// where writes what the executor granted.
func where(ctx context.Context, _ struct{}, _ filesIn, out filesOut) error {
	return errors.Join(out.Files.WriteFile("cores", fmt.Append(nil, step.Cores(ctx)), 0o666),
		out.Files.WriteFile("place", []byte(step.Place(ctx)), 0o666))
}

// stages continues after the stage that its progress names, and fails until there were two.
func stages(ctx context.Context, _ struct{}, _ filesIn, out filesOut) error {
	dir, err := step.ResumeDir(ctx)
	if err != nil {
		return err
	}
	defer dir.Close()
	done := 0
	text, err := dir.ReadFile("done")
	if err == nil {
		done, err = strconv.Atoi(string(text))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if done == 2 {
		return out.Files.WriteFile("stages", []byte("from stage 2"), 0o666)
	}
	done++
	return errors.Join(dir.WriteFile("done", []byte(strconv.Itoa(done)), 0o666), fmt.Errorf("stopped after stage %d", done))
}

// watcher keeps the events of a run.
type watcher struct {
	mu   sync.Mutex
	seen []event.Event
}

// Observe implements [event.Observer].
func (w *watcher) Observe(ev event.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, ev)
}

func (w *watcher) all() []event.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.seen)
}
