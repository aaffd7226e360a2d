package slurm

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"assay/engine/slurm/queue"
	"assay/engine/slurm/spool"
)

// array describes the array of a try to Slurm.
func (e *Executor) array(s *set, k int, t *spool.Try) (*queue.Job, error) {
	binary, err := e.binary.path(e.Store)
	if err != nil {
		return nil, err
	}
	wd, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(s.Dir)
	if err != nil {
		return nil, err
	}
	storeDir, err := filepath.Abs(e.Store.Dir())
	if err != nil {
		return nil, err
	}
	args := []string{binary}
	args = append(args, e.Args...)
	args = append(args, "--store", storeDir, "--set", dir, "--try", fmt.Sprint(k))
	for i, a := range args {
		args[i] = quote(a)
	}
	script := "#!/bin/sh\nexec " + strings.Join(args, " ") + " --task \"$SLURM_ARRAY_TASK_ID\"\n"
	limit := s.Time
	if limit > 0 {
		limit *= time.Duration(t.Group)
	}
	return &queue.Job{Name: s.JobName(k), Script: script, Dir: wd, Output: dir + "/out/%a." + fmt.Sprint(k), Tasks: t.Tasks(),
		AtOnce: e.Profile.AtOnce, CPU: s.CPU, Memory: s.Mem, Time: limit, Flags: s.Flags, Env: e.Profile.Env}, nil
}

// quote quotes a word for the shell.
func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// remedy says what to do about a job that asks for too much.
func (e *Executor) remedy(s *set) string {
	asked := []string{fmt.Sprintf("%d cores", s.CPU)}
	if s.Mem > 0 {
		asked = append(asked, fmt.Sprintf("%d MiB", s.Mem>>20))
	}
	if s.Time > 0 {
		asked = append(asked, s.Time.String())
	}
	asked = append(asked, s.Flags...)
	return fmt.Sprintf(" (step %s asks for %s; change its resources: and timeout:, or the profile of the cluster)", s.Step,
		strings.Join(asked, ", "))
}
