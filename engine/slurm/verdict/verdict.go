// Package verdict says what a row of Slurm's queue means for a job that has no result yet.
//
// [Of] is a pure function. The record in the store is stronger than any verdict: whoever calls
// Of has looked there first. The states are those of squeue(1), the reasons those of
// slurm.schedmd.com/job_reason_codes.html.
package verdict

import (
	"fmt"
	"slices"
	"strings"
)

// Class is what becomes of a job.
type Class string

// The classes.
const (
	Waiting    Class = "waiting"    // it will run
	Running    Class = "running"    // it runs
	Ended      Class = "ended"      // it ended by itself: its outcome says how, or is on its way
	Infra      Class = "infra"      // the cluster failed it: another try may help
	Memory     Class = "memory"     // it took more memory than it asked for
	Time       Class = "time"       // it took longer than it asked for
	Cancelled  Class = "cancelled"  // somebody cancelled it
	Impossible Class = "impossible" // it waits for what never comes
	Held       Class = "held"       // a person holds it
)

// A Verdict is the class of a job and words for people: what happened, and what to do.
type Verdict struct {
	Class Class
	Text  string
}

// Final reports whether the job will not make a result by itself any more.
func (v Verdict) Final() bool {
	return v.Class != Waiting && v.Class != Running && v.Class != Held
}

// Of judges a state and the reason that squeue gives for it.
func Of(state, reason, host string) Verdict {
	at := ""
	if host != "" {
		at = " " + host
	}
	switch state {
	case "PENDING":
		return pending(reason)
	case "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "STAGE_OUT", "SIGNALING", "STOPPED", "RESIZING":
		return Verdict{Running, strings.ToLower(state) + " on" + at}
	case "COMPLETED":
		return Verdict{Ended, "it ended"}
	case "FAILED":
		return Verdict{Ended, "its process was killed or crashed"}
	case "OUT_OF_MEMORY":
		return Verdict{Memory, "it took more memory than it asked for"}
	case "TIMEOUT", "DEADLINE":
		return Verdict{Time, "Slurm stopped it at its time limit (" + state + ")"}
	case "NODE_FAIL":
		return Verdict{Infra, "the node" + at + " failed"}
	case "BOOT_FAIL":
		return Verdict{Infra, "the node" + at + " could not start"}
	case "PREEMPTED":
		return Verdict{Infra, "it was preempted by a job of higher priority"}
	case "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT", "REVOKED":
		return Verdict{Infra, "Slurm took it back (" + state + ")"}
	case "CANCELLED":
		return Verdict{Cancelled, "it was cancelled with scancel, or by an administrator" + because(reason)}
	}
	return Verdict{Waiting, fmt.Sprintf("in a state that this assay does not know, %.40q", state)}
}

func because(reason string) string {
	if reason == "" || reason == "None" {
		return ""
	}
	return " (" + reason + ")"
}

// never are reasons to wait that no time removes.
var never = []string{"BadConstraints", "PartitionNodeLimit", "PartitionTimeLimit", "InvalidAccount", "InvalidQOS",
	"DependencyNeverSatisfied", "AccountNotAllowed", "QOSNotAllowed", "JobArrayTaskLimitNever"}

// pending judges the reason why a job waits.
func pending(reason string) Verdict {
	plain := strings.Trim(reason, "()")
	lower := strings.ToLower(plain)
	switch {
	case strings.Contains(lower, "launch failed") || strings.Contains(lower, "launchfailed"):
		return Verdict{Infra, "its node could not start it, and Slurm holds it since (" + plain + ")"}
	case plain == "JobHeldUser" || plain == "JobHeldAdmin":
		return Verdict{Held, "somebody holds it (" + plain + "); release it with: scontrol release"}
	case slices.Contains(never, plain):
		return Verdict{Impossible, "it can never run (" + plain + "): what it asks for exceeds what the partition, account " +
			"or QOS allows; change resources: of the step, or the profile"}
	case perJobLimit(plain):
		return Verdict{Impossible, "it can never run (" + plain + "): one job may not have as much; change resources: of the " +
			"step, or the profile"}
	}
	return Verdict{Waiting, "queued" + because(plain)}
}

// perJobLimit reports whether a reason names a limit on each single job, as QOSMaxCpuPerJobLimit
// does. Limits on all jobs of a user or group pass with time.
func perJobLimit(reason string) bool {
	return strings.HasSuffix(reason, "PerJob") || strings.HasSuffix(reason, "PerJobLimit") ||
		strings.HasSuffix(reason, "MaxWallDurationPerJobLimit")
}

// NotStarted is the verdict on a job that got a node, never began and is cancelled: slurmd does
// that with a job that it cannot start and may not put back.
func NotStarted(host string) Verdict {
	return Verdict{Infra, "the node " + host + " could not start it, and Slurm cancelled it"}
}

// OfOutput corrects a verdict by what the job printed: without cgroups Slurm kills a job that
// takes too much memory without saying so in its state.
func OfOutput(v Verdict, output string) Verdict {
	lower := strings.ToLower(output)
	if strings.Contains(lower, "exceeded memory limit") || strings.Contains(lower, "oom-kill") ||
		strings.Contains(lower, "oom_kill") || strings.Contains(lower, "out of memory") {
		return Verdict{Memory, "it took more memory than it asked for"}
	}
	if v.Class == Ended {
		v.Class = Infra
	}
	return v
}
