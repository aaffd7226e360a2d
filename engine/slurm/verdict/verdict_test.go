package verdict

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	for _, c := range []struct {
		state, reason string
		class         Class
		says          string
	}{
		{"PENDING", "Priority", Waiting, "queued (Priority)"},
		{"PENDING", "(Resources)", Waiting, "queued (Resources)"},
		{"PENDING", "QOSMaxJobsPerUserLimit", Waiting, ""},
		{"PENDING", "AssocGrpCpuLimit", Waiting, ""},
		{"PENDING", "launch failed requeued held", Infra, "could not start it"},
		{"PENDING", "JobHeldAdmin", Held, "scontrol release"},
		{"PENDING", "PartitionTimeLimit", Impossible, "never run"},
		{"PENDING", "QOSMaxMemoryPerJob", Impossible, "one job may not"},
		{"RUNNING", "None", Running, "running on n1"},
		{"COMPLETING", "None", Running, ""},
		{"SUSPENDED", "None", Running, ""},
		{"COMPLETED", "None", Ended, ""},
		{"FAILED", "NonZeroExitCode", Ended, "killed or crashed"},
		{"OUT_OF_MEMORY", "OutOfMemory", Memory, ""},
		{"TIMEOUT", "TimeLimit", Time, "TIMEOUT"},
		{"DEADLINE", "DeadLine", Time, ""},
		{"NODE_FAIL", "NodeDown", Infra, "the node n1 failed"},
		{"BOOT_FAIL", "", Infra, ""},
		{"PREEMPTED", "None", Infra, "preempted"},
		{"CANCELLED", "None", Cancelled, "scancel"},
		{"SOMETHING_NEW", "", Waiting, "does not know"},
	} {
		v := Of(c.state, c.reason, "n1")
		if v.Class != c.class || !strings.Contains(v.Text, c.says) {
			t.Errorf("%s (%s): %+v, want %s %q", c.state, c.reason, v, c.class, c.says)
		}
		alive := c.class == Waiting || c.class == Running || c.class == Held
		if v.Final() == alive {
			t.Errorf("%s (%s): final %v", c.state, c.reason, v.Final())
		}
	}
}

func TestOfOutput(t *testing.T) {
	failed := Of("FAILED", "", "")
	for out, want := range map[string]Class{
		"":          Infra,
		"Bus error": Infra,
		"slurmstepd: error: Job 5 exceeded memory limit (500 > 128), being killed": Memory,
		"slurmstepd: error: Detected 1 oom_kill event in StepId=7.batch. Some of":  Memory,
	} {
		if v := OfOutput(failed, out); v.Class != want {
			t.Errorf("%q: %s, want %s", out, v.Class, want)
		}
	}
	if v := OfOutput(Of("TIMEOUT", "", ""), ""); v.Class != Time {
		t.Errorf("a time limit became %s", v.Class)
	}
}

func FuzzOf(f *testing.F) {
	f.Add("PENDING", "Priority", "n1", "")
	f.Add("FAILED", "", "", "exceeded memory limit")
	f.Fuzz(func(t *testing.T, state, reason, host, output string) {
		v := Of(state, reason, host)
		if v.Text == "" || v.Class == "" {
			t.Errorf("no verdict: %+v", v)
		}
		if o := OfOutput(v, output); o.Class == Ended {
			t.Errorf("%+v: it ended, and nobody says how", o)
		}
	})
}
