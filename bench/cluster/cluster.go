package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"assay/engine"
	"assay/engine/graph"
)

// A Cluster is an executor that computes nothing: a job waits until a machine is free, and
// then for as long as its step's cost says. It makes a file of a few bytes for each output.
// What it models besides is what was measured on a real Slurm: what becomes ready within
// Gather is sent as one array for each step, a job starts Start after it was sent or after a
// machine became free, and its result is noticed Notice after it is there.
type Cluster struct {
	Machines, Cores int   // how many machines, and how many cores each has
	Memory          int64 // of each, in bytes
	Costs           map[string]Cost
	Episodes        int // of the whole corpus

	Gather, Start, Notice time.Duration

	mu      sync.Mutex
	free    []graph.Need // of each machine
	waiting []*task      // the oldest first
	arrays  map[string]time.Time
	Load    Load
}

// A task is a job in the queue.
type task struct {
	need    graph.Need
	machine int
	granted chan struct{}
}

// New returns a cluster with the delays that were measured on Slurm 22.05, see docs/CLUSTER.md.
func New(machines, cores int, memory int64, costs map[string]Cost, episodes int) *Cluster {
	c := &Cluster{Machines: machines, Cores: cores, Memory: memory, Costs: costs, Episodes: episodes,
		Gather: 2 * time.Second, Start: 900 * time.Millisecond, Notice: time.Second, arrays: map[string]time.Time{}}
	for range machines {
		c.free = append(c.free, graph.Need{CPU: cores, Memory: memory})
	}
	return c
}

// Capacity implements [engine.Executor].
func (c *Cluster) Capacity() graph.Need {
	return graph.Need{CPU: c.Machines * c.Cores, Memory: int64(c.Machines) * c.Memory}
}

// Execute implements [engine.Executor].
func (c *Cluster) Execute(ctx context.Context, j *engine.Job) error {
	step, _, _ := strings.Cut(j.Node, "[")
	step, _, _ = strings.Cut(step, ",")
	cost, ok := c.Costs[step]
	if !ok {
		return fmt.Errorf("costs.csv has no step %q", step)
	}
	need := graph.Need{CPU: min(j.Need.CPU, c.Cores), Memory: min(j.Need.Memory, c.Memory)}
	time.Sleep(c.submit(step))
	t, err := c.take(ctx, need)
	if err != nil {
		return err
	}
	time.Sleep(c.Start)
	n := c.episodes(j)
	began := time.Now()
	time.Sleep(cost.Takes(n, need.CPU))
	c.give(t, began, float64(n)*cost.Read, float64(n)*cost.Write)
	time.Sleep(c.Notice)
	return outputs(j)
}

// submit adds a job of a step to the array that is gathered, or begins one, and returns how long
// it is until that array is sent.
func (c *Cluster) submit(step string) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	sent, open := c.arrays[step]
	if now := time.Now(); !open || !now.Before(sent) {
		sent = now.Add(c.Gather)
		c.arrays[step] = sent
		c.Load.array(sent)
	}
	return time.Until(sent)
}

// take waits for a machine that has what is needed, behind those that came before. One that
// does not fit is passed, as Slurm's backfill does.
func (c *Cluster) take(ctx context.Context, need graph.Need) (*task, error) {
	t := &task{need: need, granted: make(chan struct{})}
	c.mu.Lock()
	c.waiting = append(c.waiting, t)
	c.serve()
	c.Load.Queued = max(c.Load.Queued, len(c.waiting))
	c.mu.Unlock()
	select {
	case <-t.granted:
		return t, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *Cluster) serve() {
	var left []*task
	for _, t := range c.waiting {
		if t.machine = c.fit(t.need); t.machine < 0 {
			left = append(left, t)
			continue
		}
		c.free[t.machine].CPU -= t.need.CPU
		c.free[t.machine].Memory -= t.need.Memory
		close(t.granted)
	}
	c.waiting = left
}

// fit returns the first machine that has room, or -1.
func (c *Cluster) fit(need graph.Need) int {
	for i, f := range c.free {
		if need.CPU <= f.CPU && need.Memory <= f.Memory {
			return i
		}
	}
	return -1
}

func (c *Cluster) give(t *task, began time.Time, read, written float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free[t.machine].CPU += t.need.CPU
	c.free[t.machine].Memory += t.need.Memory
	c.Load.ran(t.need.CPU, began, read, written)
	c.serve()
}

// episodes returns how many episodes a job works on: those of its shard, or all.
func (c *Cluster) episodes(j *engine.Job) int {
	if !strings.Contains(j.Node, ", ") {
		return c.Episodes
	}
	n := 0
	for _, in := range j.Action.Inputs {
		if in.Port.Name == "episodes" {
			for _, f := range in.Tree {
				if strings.HasSuffix(f.Name, ".tar.zst") {
					n++
				}
			}
		}
	}
	return n
}

// outputs makes what the steps that follow need: a file for each output, which says whose it is.
func outputs(j *engine.Job) error {
	for _, out := range j.Action.Outputs {
		file := filepath.Join(j.Place.Dir, "out", out.Name, "made.parquet")
		if err := os.WriteFile(file, j.Action.Text(), 0o666); err != nil {
			return err
		}
	}
	return nil
}
