package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"assay/engine/graph"
	"assay/engine/recipe"
)

// A repository is the git repository that a folder lies in. It is asked with git itself,
// and never changed.
type repository struct{ dir string }

func (f *Finder) repository() repository { return repository{filepath.Dir(f.Recipe)} }

// A commit is a revision that exists.
type commit struct {
	hash  string
	about string // its short hash, day and subject
}

// commit returns the commit that a revision names.
func (r repository) commit(ctx context.Context, rev string) (*commit, error) {
	out, err := r.git(ctx, 4<<10, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return nil, err
	}
	hash := strings.TrimSpace(string(out))
	about, err := r.git(ctx, 64<<10, "log", "-1", "--no-show-signature", "--no-color", "--format=%h, %cs, %s", hash)
	if err != nil {
		return nil, err
	}
	return &commit{hash, strings.TrimSpace(string(about))}, nil
}

// read returns a file as it was committed. Its path is relative to the working folder.
func (r repository) read(ctx context.Context, c *commit, path string, most int64) ([]byte, error) {
	name, err := relative(r.dir, path)
	if err != nil {
		return nil, err
	}
	b, err := r.git(ctx, most, "cat-file", "blob", c.hash+":./"+filepath.ToSlash(name))
	if err != nil {
		return nil, fmt.Errorf("commit %.12s has no file %s: %w", c.hash, filepath.ToSlash(path), err)
	}
	return b, nil
}

// relative returns a path from a folder to a file.
func relative(dir, path string) (string, error) {
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.Rel(from, to)
}

// git runs git and returns what it prints, up to a byte more than most.
func (r repository) git(ctx context.Context, most int64, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.WaitDelay = r.dir, time.Second
	var errs bytes.Buffer
	cmd.Stderr = &limited{&errs, 4 << 10}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errors.New("git is not installed")
		}
		return nil, fmt.Errorf("git in %s: %w", r.dir, err)
	}
	out, err := io.ReadAll(io.LimitReader(pipe, most+1))
	if int64(len(out)) > most {
		cmd.Process.Kill() // what it still prints is too much
		cmd.Wait()
		return nil, fmt.Errorf("git %s prints more than %d bytes", args[0], most)
	}
	if err := errors.Join(err, cmd.Wait()); err != nil {
		said, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n")
		if said == "" {
			said = "there is none of that name"
		}
		return nil, fmt.Errorf("git says %q", strings.TrimPrefix(said, "fatal: "))
	}
	return out, nil
}

// limited is a buffer that drops what is over a limit.
type limited struct {
	b    *bytes.Buffer
	most int
}

// Write implements io.Writer.
func (l *limited) Write(p []byte) (int, error) {
	l.b.Write(p[:min(len(p), l.most-l.b.Len())])
	return len(p), nil
}

// absent is the error for a revision that has no lock, or that does not exist.
type absent struct{ error }

// Unwrap returns what is wrong.
func (a absent) Unwrap() error { return a.error }

// git returns the state at a revision: the lock and the recipe that were committed.
func (f *Finder) git(ctx context.Context, rev string) (*State, error) {
	r := f.repository()
	c, err := r.commit(ctx, rev)
	if err != nil {
		return nil, absent{fmt.Errorf("%s%s: no such revision: %w", gitPrefix, rev, err)}
	}
	path := graph.LockPath(f.Recipe)
	text, err := r.read(ctx, c, path, maxLock)
	if err != nil {
		return nil, absent{fmt.Errorf("%s%s: %w; commit the lock that assay run writes", gitPrefix, rev, err)}
	}
	l, err := ParseLock(gitPrefix+rev+":"+path, text)
	if err != nil {
		return nil, err
	}
	s := &State{
		Name: gitPrefix + rev, About: c.about, Lock: l,
		Remedy: fmt.Sprintf("check out %.12s, then: assay run %s", c.hash, f.Recipe),
	}
	s.Settings, s.Silent = f.committedSettings(ctx, r, c)
	return s, nil
}

// committedSettings returns what the recipe said at a commit, or why that is not known.
func (f *Finder) committedSettings(ctx context.Context, r repository, c *commit) ([]recipe.Setting, string) {
	const most = 16 << 20
	var ms recipe.Mistakes
	read := func(name string) ([]byte, error) { return r.read(ctx, c, name, most) }
	got, err := recipe.Read(f.Recipe, read, &ms)
	if err == nil {
		err = ms.Err()
	}
	if err != nil || got == nil {
		said, _, _ := strings.Cut(fmt.Sprint(err), "\n")
		return nil, fmt.Sprintf("the recipe at %.12s cannot be read: %s", c.hash, said)
	}
	return got.Settings, ""
}
