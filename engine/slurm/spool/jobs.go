package spool

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"assay/artifacts"
	"assay/engine"
)

// writeJobs writes the files jobs and index.
func writeJobs(dir string, jobs []*engine.Message) error {
	f, err := os.Create(filepath.Join(dir, "jobs"))
	if err != nil {
		return err
	}
	defer f.Close()
	var index strings.Builder
	end := 0
	for _, m := range jobs {
		line, err := json.Marshal(m)
		if err != nil {
			return err
		}
		n, err := f.Write(append(line, '\n'))
		if err != nil {
			return err
		}
		end += n
		fmt.Fprintf(&index, "%*d %s\n", endWidth, end, m.Key())
	}
	return errors.Join(f.Close(), os.WriteFile(filepath.Join(dir, "index"), []byte(index.String()), 0o666))
}

// Job reads a job of the set.
func (s *Set) Job(i int) (*engine.Message, error) {
	from, to, err := s.place(i)
	if err != nil {
		return nil, fmt.Errorf("job %d of set %s: %w", i, s.ID, err)
	}
	f, err := os.Open(filepath.Join(s.Dir, "jobs"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	line := make([]byte, to-from)
	if _, err := f.ReadAt(line, from); err != nil {
		return nil, fmt.Errorf("job %d of set %s: %w", i, s.ID, err)
	}
	m := &engine.Message{}
	if err := json.Unmarshal(line, m); err != nil {
		return nil, fmt.Errorf("job %d of set %s is damaged: %w", i, s.ID, err)
	}
	return m, nil
}

// place returns where the line of a job begins and ends.
func (s *Set) place(i int) (from, to int64, err error) {
	if i < 0 || i >= s.Count {
		return 0, 0, fmt.Errorf("the set has jobs 0 to %d", s.Count-1)
	}
	f, err := os.Open(filepath.Join(s.Dir, "index"))
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	first := max(i-1, 0)
	text := make([]byte, (i-first+1)*indexWidth)
	if _, err := f.ReadAt(text, int64(first*indexWidth)); err != nil {
		return 0, 0, err
	}
	if i > 0 {
		from, _, err = parseIndex(text[:indexWidth])
	}
	if err == nil {
		to, _, err = parseIndex(text[len(text)-indexWidth:])
	}
	if err != nil || from < 0 || to <= from || to-from > maxJob {
		return 0, 0, errors.New("the index is damaged")
	}
	return from, to, nil
}

// parseIndex reads a line of the index.
func parseIndex(line []byte) (end int64, key artifacts.Digest, err error) {
	if len(line) != indexWidth || line[endWidth] != ' ' {
		return 0, key, errors.New("the index is damaged")
	}
	if end, err = strconv.ParseInt(strings.TrimSpace(string(line[:endWidth])), 10, 64); err == nil {
		key, err = artifacts.ParseDigest(string(line[endWidth+1 : indexWidth-1]))
	}
	return end, key, err
}

// Keys returns the keys of the actions of all jobs.
func (s *Set) Keys() ([]artifacts.Digest, error) {
	text, err := os.ReadFile(filepath.Join(s.Dir, "index"))
	if err != nil {
		return nil, err
	}
	if len(text) != s.Count*indexWidth {
		return nil, fmt.Errorf("%s/index is damaged; remove the folder", s.Dir)
	}
	out := make([]artifacts.Digest, s.Count)
	for i := range out {
		if _, out[i], err = parseIndex(text[i*indexWidth : (i+1)*indexWidth]); err != nil {
			return nil, fmt.Errorf("%s/index: %w", s.Dir, err)
		}
	}
	return out, nil
}
