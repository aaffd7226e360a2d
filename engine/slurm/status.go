package slurm

import (
	"context"
	"time"

	"assay/artifacts/store"
	"assay/engine/slurm/queue"
	"assay/engine/slurm/spool"
	"assay/engine/slurm/verdict"
)

// A JobStatus says where a job stands.
type JobStatus struct {
	Step    string        `json:"step"`
	Node    string        `json:"node"` // with the shard, if there are several
	Slurm   string        `json:"slurm,omitempty"`
	Try     int           `json:"try"`
	State   string        `json:"state"`
	Running bool          `json:"running"`
	Host    string        `json:"host,omitempty"`
	Elapsed time.Duration `json:"elapsed_ns,omitempty"`
	Memory  int64         `json:"memory_asked,omitempty"` // bytes
	RSS     int64         `json:"memory_used,omitempty"`
}

// maxNamed is of how many jobs the names of nodes are read.
const maxNamed = 2000

// Status returns where all jobs of a store stand that have not ended, or of which nobody has
// heard yet how. It asks Slurm once. If Slurm does not answer, the error says so, and the jobs
// are what their folders say.
func Status(ctx context.Context, s *store.Store, client *queue.Client) ([]JobStatus, error) {
	sets := spool.List(spool.Root(s))
	var names []string
	tries := make([][]*spool.Try, len(sets))
	for i, set := range sets {
		tries[i], _ = set.Tries()
		for k := range tries[i] {
			names = append(names, set.JobName(k+1))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	rows, err := client.List(ctx, names)
	byPlace := make(map[place]*queue.Row, len(rows))
	for i := range rows {
		byPlace[place{rows[i].Name, rows[i].Task}] = &rows[i]
	}
	var out []JobStatus
	for i, set := range sets {
		out = append(out, statusOf(set, tries[i], byPlace, err == nil)...)
	}
	return out, err
}

// statusOf returns where the jobs of a set stand.
func statusOf(set *spool.Set, tries []*spool.Try, rows map[place]*queue.Row, asked bool) []JobStatus {
	out := make([]JobStatus, set.Count)
	for i := range out {
		out[i] = JobStatus{Step: set.Step, Node: set.Step, Memory: set.Mem, State: "not submitted"}
		if m, err := set.Job(i); i < maxNamed && err == nil {
			out[i].Node = m.Node
		}
	}
	for k, t := range tries {
		for pos, i := range t.Jobs {
			out[i].enter(set, spool.Ref{Job: i, Try: k + 1}, rows[place{set.JobName(k + 1), pos / t.Group}], asked)
		}
	}
	return out
}

// enter enters what is known of a try.
func (j *JobStatus) enter(set *spool.Set, r spool.Ref, row *queue.Row, asked bool) {
	j.Try, j.Running, j.Host = r.Try, false, ""
	switch {
	case row != nil:
		v := verdict.Of(row.State, row.Reason, row.Host)
		j.Slurm, j.State, j.Host, j.Running = row.ID(), v.Text, row.Host, v.Class == verdict.Running
	case asked:
		j.State = "not in the queue"
	default:
		j.State = "unknown"
	}
	if o, err := set.Outcome(r); err == nil {
		j.State, j.Host, j.RSS, j.Elapsed, j.Running = "ended: "+string(o.Class), o.Host, o.RSS, o.Ended.Sub(o.Began), false
		return
	}
	if j.Running {
		j.State = "running"
		j.Elapsed = set.Began(r)
		if b := set.LastBeat(r); b != nil {
			j.RSS, j.Host = b.RSS, b.Host
		}
	}
}
