package intake

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/live"
)

// pause is how often the files of a folder are looked at.
const pause = 200 * time.Millisecond

// Follow puts the rows that a recorder writes into the files of a folder into to, in the order of
// time as far as they are there: what an episode has, telemetry-proc.jsonl and the others. It ends
// with the context, or when there is a file "done" and all is read; then comes meta.json.
func Follow(ctx context.Context, dir string, to chan<- Line) error {
	if _, err := os.ReadDir(dir); err != nil {
		return err
	}
	f := newFollower(dir)
	defer f.close()
	for {
		_, err := os.Stat(filepath.Join(dir, "done"))
		done := err == nil
		if err := f.drain(ctx, to); err != nil {
			return err
		}
		if done {
			return f.meta(ctx, to)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}

// FirstLabel returns the first line of the labels of a folder, nil if there is none yet.
func FirstLabel(dir string) ([]byte, error) {
	t := tail{source: live.Labels, path: filepath.Join(dir, "labels.jsonl")}
	defer t.close()
	line, err := t.next()
	return line.Text, err
}

// A follower reads several files at once.
type follower struct {
	dir   string
	files []*tail
	clock *episode.Decoder
}

func newFollower(dir string) *follower {
	f := &follower{dir: dir, clock: episode.NewDecoder(episode.DefaultLimits())}
	f.files = append(f.files, &tail{source: live.Labels, path: filepath.Join(dir, "labels.jsonl")})
	for s := range channel.Source(channel.NumSources) {
		f.files = append(f.files, &tail{source: s.String(), path: filepath.Join(dir, s.Entry())})
	}
	return f
}

// drain puts all that is there into to. Of the next lines of all files, the earliest goes first; of
// equal ones, labels. A line without a time goes at once.
func (f *follower) drain(ctx context.Context, to chan<- Line) error {
	for {
		var first *tail
		for _, t := range f.files {
			if err := f.peek(t); err != nil {
				return err
			}
			if t.ready && (first == nil || t.wall < first.wall) {
				first = t
			}
		}
		if first == nil {
			return nil
		}
		first.ready = false
		if err := put(ctx, to, first.line); err != nil {
			return err
		}
	}
}

// peek reads the next line of a file, unless one is there already.
func (f *follower) peek(t *tail) error {
	if t.ready {
		return nil
	}
	line, err := t.next()
	if err != nil || line.Text == nil && line.Broken == nil {
		return err
	}
	t.line, t.ready, t.wall = line, true, f.wall(line)
	return nil
}

// wall returns when a line was written, Unix ns; 0 if it does not say.
func (f *follower) wall(line Line) int64 {
	if line.Source == live.Labels {
		label, _ := f.clock.Label(line.Text)
		return label.UnixNs
	}
	for s := range channel.Source(channel.NumSources) {
		if s.String() == line.Source {
			if _, _, err := f.clock.Row(s, line.Text, 0); err == nil {
				return f.clock.Wall(s)
			}
		}
	}
	return 0
}

// meta puts meta.json into to, which says how long the recording was.
func (f *follower) meta(ctx context.Context, to chan<- Line) error {
	path := filepath.Join(f.dir, "meta.json")
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Size() > MaxLine:
		return put(ctx, to, Line{Broken: errLong})
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return put(ctx, to, Line{Source: live.Meta, Text: text})
}

func (f *follower) close() {
	for _, t := range f.files {
		t.close()
	}
}
