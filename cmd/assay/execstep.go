package main

import (
	"os"

	"github.com/spf13/cobra"

	"assay/engine/slurm/agent"
	"assay/steps"
)

// newExecStep makes the verb that Slurm starts on a node. It is hidden: no person needs it.
func newExecStep() *cobra.Command {
	t := agent.Task{Kinds: steps.All()}
	c := &cobra.Command{
		Use:    "exec-step",
		Short:  "perform jobs of a run on a node of a cluster",
		Long:   "exec-step is what assay run --executor slurm starts on the nodes; see docs/CLUSTER.md.",
		Hidden: true,
		Args:   atMost(0, "exec-step takes only flags"),
		RunE: func(c *cobra.Command, _ []string) error {
			if t.Store == "" || t.Set == "" {
				return usagef("exec-step is started by: assay run --executor slurm")
			}
			t.Slurm = os.Getenv("SLURM_ARRAY_JOB_ID") + "_" + os.Getenv("SLURM_ARRAY_TASK_ID")
			return t.Run(c.Context())
		},
	}
	f := c.Flags()
	f.StringVar(&t.Store, "store", "", "`folder` of the store")
	f.StringVar(&t.Set, "set", "", "`folder` of the set of jobs")
	f.IntVar(&t.Try, "try", 0, "`number` of the try")
	f.IntVar(&t.Task, "task", 0, "`number` of the task")
	return c
}
