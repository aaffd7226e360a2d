//go:build unix

package slurm_test

import (
	"testing"
	"time"

	"assay/engine"
	"assay/engine/executortest"
	"assay/engine/slurm"
	"assay/engine/slurm/profile"
	"assay/engine/step"
)

// quick is a profile that asks often, so that tests are quick.
func quick(f fake) *profile.Profile {
	p := profile.Default()
	p.Commands, p.Poll, p.Grace, p.Submissions, p.Group = f.commands(), step.Duration(200*time.Millisecond),
		step.Duration(300*time.Millisecond), 6000, 0
	p.Tiny = 0
	return p
}

// TestExecutor runs what every executor must pass, each job as one of Slurm.
func TestExecutor(t *testing.T) {
	executortest.Test(t, func(t *testing.T, env executortest.Env) engine.Executor {
		e := slurm.New(slurm.Config{Store: env.Store, Profile: quick(newFake(t)), Cores: 2, Kinds: executortest.Kinds()})
		t.Cleanup(func() {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
		return e
	})
}
