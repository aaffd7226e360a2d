// Package validate is the kind "validate": it reads every episode of a store and writes
// the validation index, one row per episode, with a verdict and every reason for it.
// Read [Params] for the thresholds of the rules, then check.go for the order of the
// rules. Each reason begins with the name of its rule.
package validate

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"assay/engine/step"
	"assay/steps/kit/episode"
	"assay/steps/kit/files"
	"assay/steps/kit/table"
)

// Kind returns the kind.
func Kind() *step.Kind {
	return step.Define("validate", "3", "Check every episode of a store and index what is usable", Defaults(), run)
}

// In is what the kind reads.
type In struct {
	Episodes fs.FS `step:"shard,match=*/*.t*z*|*/*.tar|*/*/*.tar.zst" doc:"the episode store: <host>/<episode>.tar.zst, each with its .sha256"`
}

// Out is what the kind writes.
type Out struct {
	Index *os.Root `doc:"index.parquet: one row per episode, with its status and reasons"`
}

// File is the name of the index in the output.
const File = "index.parquet"

// run checks one episode after the other. Only a fault of the store ends it: a
// broken episode is a row of the index.
func run(ctx context.Context, p Params, in In, out Out) error {
	names, err := episodes(ctx, in.Episodes)
	if err != nil {
		return err
	}
	reader, err := episode.NewReader(episode.DefaultLimits())
	if err != nil {
		return err
	}
	defer reader.Close()
	c := &checker{p: p, store: in.Episodes, reader: reader, tolerance: p.ClockTolerance.Seconds()}
	report := step.Report(ctx)
	rows := make([]table.Episode, 0, len(names))
	for i, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		row, err := c.check(name)
		if err != nil {
			return err
		}
		rows = append(rows, row)
		report.Count(string(row.Status), 1)
		report.Progress(i+1, len(names))
	}
	return files.Write(out.Index, File, func(w io.Writer) error { return table.WriteIndex(w, rows) })
}

// episodes lists the episodes of a store in the order of host and episode. It warns of
// checksums without an episode, and of files that look like episodes but are not read.
func episodes(ctx context.Context, store fs.FS) ([]string, error) {
	names, err := fs.Glob(store, "*/*"+episode.Suffix)
	if err != nil {
		return nil, fmt.Errorf("list the episode store: %w", err)
	}
	sidecars, err := fs.Glob(store, "*/*"+episode.Suffix+sidecarSuffix)
	if err != nil {
		return nil, fmt.Errorf("list the episode store: %w", err)
	}
	known := make(map[string]bool, len(names))
	for _, n := range names {
		known[n+sidecarSuffix] = true
	}
	for _, s := range sidecars {
		if !known[s] {
			step.Report(ctx).Warnf("%s has no episode beside it: an upload was cut off, or the episode was moved away",
				s)
		}
	}
	alike, err := lookalikes(store)
	if err != nil {
		return nil, fmt.Errorf("list the episode store: %w", err)
	}
	if n := len(alike); n > 0 {
		step.Report(ctx).Warnf("files that look like episodes and are not read: %d, such as %s; an episode is "+
			"<host>/<episode>%s", n, alike[0], episode.Suffix)
		step.Report(ctx).Count("not read", n)
	}
	slices.SortFunc(names, func(a, b string) int { return keyOf(a).Compare(keyOf(b)) })
	return names, nil
}

// lookalikes lists the files that were probably meant as episodes: archives of another
// kind, parts of uploads, and episodes one folder too deep.
func lookalikes(store fs.FS) ([]string, error) {
	list, err := fs.Glob(store, "*/*/*"+episode.Suffix)
	if err != nil {
		return nil, err
	}
	for _, end := range []string{
		".tzst", ".tar.zstd", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tar.lz4", ".tar",
		episode.Suffix + ".part", episode.Suffix + ".partial", episode.Suffix + ".tmp",
	} {
		found, err := fs.Glob(store, "*/*"+end)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	slices.Sort(list)
	return list, nil
}

func keyOf(name string) table.Key {
	host, episode := episode.SplitName(name)
	return table.Key{Host: host, Episode: episode}
}
