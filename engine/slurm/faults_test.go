//go:build unix

package slurm_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"assay/artifacts/store"
	"assay/engine"
	"assay/engine/event"
	"assay/engine/executortest"
	"assay/engine/graph"
	"assay/engine/recipe"
	"assay/engine/slurm"
	"assay/engine/slurm/profile"
	"assay/engine/slurm/spool"
	"assay/engine/step"
)

// A head runs recipes on a fake cluster. Its tests run beside each other, since they mostly wait.
type head struct {
	fake
	t       *testing.T
	store   *store.Store
	profile *profile.Profile
	detach  bool

	mu   sync.Mutex
	said []string
}

func newHead(t *testing.T) *head {
	t.Helper()
	t.Parallel()
	f := newFake(t)
	h := &head{fake: f, t: t, profile: quick(f)}
	var err error
	if h.store, err = store.Open(filepath.Join(t.TempDir(), "store"), func(w string) { h.note("store: " + w) }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.store.Close() })
	return h
}

func (h *head) note(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.said = append(h.said, text)
}

// Observe implements [event.Observer].
func (h *head) Observe(ev event.Event) {
	if ev.Text != "" {
		h.note(string(ev.What) + ": " + ev.Text)
	}
}

func (h *head) heard(text string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Contains(strings.Join(h.said, "\n"), text)
}

// run runs a recipe, with an executor of its own.
func (h *head) run(ctx context.Context, text string) error {
	var ms recipe.Mistakes
	r := recipe.Parse(&recipe.File{Name: "r.yaml", Text: []byte(text)}, nil, &ms)
	g := graph.New(r, append(executortest.Kinds(), slow()), &ms)
	if err := ms.Err(); err != nil {
		h.t.Fatal(err)
	}
	x := h.executor(ctx)
	defer x.Close()
	_, err := (&engine.Engine{Store: h.store, Executor: x, Observers: []event.Observer{h}}).Run(ctx, g)
	return err
}

func (h *head) executor(ctx context.Context) *slurm.Executor {
	return slurm.New(slurm.Config{Store: h.store, Profile: h.profile, Cores: 2, Kinds: append(executortest.Kinds(), slow()),
		Detach: h.detach, Run: ctx})
}

// slowRecipe is a recipe of n jobs that wait for the file go in the folder.
func slowRecipe(dir string, n int) string {
	var axis []string
	for i := range n {
		axis = append(axis, fmt.Sprint(i))
		os.MkdirAll(filepath.Join(dir, fmt.Sprint(i)), 0o777)
	}
	return fmt.Sprintf("steps:\n  s: {uses: slow, matrix: {i: [%s]}, with: {until: %q}}\n", strings.Join(axis, ", "), dir+"/${i}")
}

func starts(dir string, i int) int {
	b, _ := os.ReadFile(filepath.Join(dir, fmt.Sprint(i), "starts"))
	return strings.Count(string(b), "start")
}

func release(dir string, n int) {
	for i := range n {
		os.WriteFile(filepath.Join(dir, fmt.Sprint(i), "go"), nil, 0o666)
	}
}

// await waits until a condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 3000 {
		if holds() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("waited in vain until %s", what)
}

// checkEmpty fails if the queue or the store still has jobs.
func (h *head) checkEmpty() {
	h.t.Helper()
	await(h.t, "jobs leave the queue", func() bool { // a job ends a moment after its result is there
		rows := h.rows()
		return !strings.Contains(rows, "|RUNNING|") && !strings.Contains(rows, "|PENDING|")
	})
	if left := spool.List(spool.Root(h.store)); len(left) > 0 {
		h.t.Errorf("%d sets are left in the store", len(left))
	}
}

// A crashed job alone is submitted again.
func TestCrash(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	text := slowRecipe(dir, 5)
	release(dir, 5)
	h.set("crash", "Bus error")
	if err := h.run(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	if !h.heard("trying again, 1 of 3") || !h.heard("it printed: Bus error") {
		t.Errorf("it said %q", h.said)
	}
	if h.count("sbatch") != 2 || h.array("1").Tasks != 5 || h.array("2").Tasks != 1 {
		t.Errorf("%d submissions, of %d and %d tasks", h.count("sbatch"), h.array("1").Tasks, h.array("2").Tasks)
	}
	for i := range 5 {
		if starts(dir, i) != 1 {
			t.Errorf("job %d started %d times", i, starts(dir, i))
		}
	}
	h.checkEmpty()
}

// A job that always crashes fails in the end.
func TestCrashesAlways(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	text := slowRecipe(dir, 1)
	h.profile.Retries = 0
	h.set("crash", "no such luck")
	err := h.run(t.Context(), text)
	if err == nil || !strings.Contains(err.Error(), "killed or crashed") || !strings.Contains(err.Error(), "no such luck") {
		t.Error(err)
	}
	h.checkEmpty()
}

func TestMemory(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	h.set("crash", "slurmstepd: error: Job 7 exceeded memory limit (500 > 128), being killed")
	err := h.run(t.Context(), slowRecipe(dir, 1))
	if err == nil || !strings.Contains(err.Error(), "more memory than it asked for") || h.count("sbatch") != 1 {
		t.Error(err, h.count("sbatch"))
	}
	h.checkEmpty()
}

// With memory_growth the next try asks for more.
func TestMemoryGrows(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	text := strings.Replace(slowRecipe(dir, 1), "uses: slow", "uses: slow, retries: 1, resources: {memory: 100MiB, memory_growth: 3}", 1)
	release(dir, 1)
	h.set("crash", "exceeded memory limit")
	if err := h.run(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"1": "--mem=100M", "2": "--mem=300M"} {
		if args := strings.Join(h.array(id).Args, " "); !strings.Contains(args, want) {
			t.Errorf("array %s has %s, want %s", id, args, want)
		}
	}
}

func TestRefused(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	h.set("refuse", "Batch job submission failed: Requested node configuration is not available")
	err := h.run(t.Context(), slowRecipe(dir, 1))
	if err == nil || !strings.Contains(err.Error(), "Requested node configuration") || !strings.Contains(err.Error(), "step s asks for 1 cores") {
		t.Error(err)
	}
	h.checkEmpty()
}

// A queue that does not answer means nothing for the jobs.
func TestNoAnswer(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	h.set("down-squeue", "")
	text := slowRecipe(dir, 2)
	go func() {
		await(t, "squeue was asked", func() bool { return h.count("squeue") >= 3 })
		release(dir, 2)
	}()
	if err := h.run(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	if !h.heard("Slurm does not answer") || starts(dir, 0) != 1 {
		t.Errorf("%q", h.said)
	}
}

// A job that Slurm took without saying so is not submitted twice.
func TestLostAnswer(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	h.set("mute", "")
	text := slowRecipe(dir, 2)
	go func() {
		await(t, "squeue was asked", func() bool { return h.count("squeue") >= 3 })
		release(dir, 2)
	}()
	if err := h.run(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	if h.count("sbatch") != 1 || starts(dir, 0) != 1 || !h.heard("does not say whether it took the job") {
		t.Errorf("%d submissions, %d starts, %q", h.count("sbatch"), starts(dir, 0), h.said)
	}
	h.checkEmpty()
}

// Jobs that the queue has forgotten and that are dead are submitted again.
func TestVanished(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	h.set("hold", "") // Slurm takes the array and loses it
	h.set("forget", "")
	text := slowRecipe(dir, 2)
	release(dir, 2)
	go func() {
		await(t, "the queue was asked", func() bool { return h.count("squeue") >= 1 })
		h.clear("hold")
	}()
	if err := h.run(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	if h.count("sbatch") != 2 || !h.heard("gone from Slurm's queue") {
		t.Errorf("%d submissions, %q", h.count("sbatch"), h.said)
	}
}

// A held job waits, one that can never run fails.
func TestPending(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	h.set("hold", "")
	ended := make(chan error, 1)
	go func() { ended <- h.run(t.Context(), slowRecipe(dir, 1)) }()
	await(t, "it was submitted", func() bool { return h.state("1", 0) == "PENDING" })
	h.set("1_0", "PENDING JobHeldUser")
	await(t, "people are told", func() bool { return h.heard("scontrol release 1_0") })
	h.set("1_0", "PENDING PartitionTimeLimit")
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "can never run (PartitionTimeLimit)") {
		t.Error(err)
	}
	await(t, "it is cancelled", func() bool { return h.state("1", 0) == "CANCELLED" })
}

// A job that its node could not start is held by Slurm: it is cancelled and submitted again.
func TestLaunchFailed(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	h.set("hold", "")
	text := slowRecipe(dir, 1)
	release(dir, 1)
	ended := make(chan error, 1)
	go func() { ended <- h.run(t.Context(), text) }()
	await(t, "it was submitted", func() bool { return h.state("1", 0) == "PENDING" })
	h.clear("hold")
	h.set("1_0", "PENDING launch failed requeued held")
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if h.state("1", 0) != "CANCELLED" || h.count("sbatch") != 2 {
		t.Errorf("%s, %d submissions", h.state("1", 0), h.count("sbatch"))
	}
}

// A job that Slurm cancels since its node cannot start it is submitted again. One that a person
// cancels is not.
func TestCancelledOutside(t *testing.T) {
	for who, again := range map[string]bool{"by Slurm": true, "by a person": false} {
		t.Run(who, func(t *testing.T) {
			h, dir := newHead(t), t.TempDir()
			h.set("hold", "")
			text := slowRecipe(dir, 1)
			release(dir, 1)
			ended := make(chan error, 1)
			go func() { ended <- h.run(t.Context(), text) }()
			await(t, "it was submitted", func() bool { return h.state("1", 0) == "PENDING" })
			h.clear("hold")
			if !again {
				h.set("nohost", "")
			}
			h.set("1_0", "CANCELLED")
			err := <-ended
			if again && err != nil || !again && (err == nil || !strings.Contains(err.Error(), "cancelled with scancel")) {
				t.Error(err)
			}
		})
	}
}

// The end of a run cancels its jobs, whether they run or wait.
func TestCancel(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	text := slowRecipe(dir, 10)
	go func() { ended <- h.run(ctx, text) }()
	await(t, "jobs run", func() bool { return strings.Contains(h.rows(), "|RUNNING|") })
	cancel()
	if err := <-ended; err == nil {
		t.Error("a cancelled run succeeded")
	}
	h.checkEmpty()
}

// A failure ends the run, and with it the jobs of other steps.
func TestFailureCancels(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	data := t.TempDir()
	os.WriteFile(data+"/x", nil, 0o666)
	text := fmt.Sprintf("sources: {data: %q}\n", data) + slowRecipe(dir, 3) + "  bad: {uses: talk, in: {files: data}, with: {end: error}}\n"
	if err := h.run(t.Context(), text); err == nil || !strings.Contains(err.Error(), "it broke") {
		t.Error(err)
	}
	h.checkEmpty()
}

// Jobs of a head that is gone are found again: nothing starts twice.
func TestAttach(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	h.detach = true
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	text := slowRecipe(dir, 6)
	go func() { ended <- h.run(ctx, text) }()
	begun := func() (list []int) {
		for i := range 6 {
			if starts(dir, i) > 0 {
				list = append(list, i)
			}
		}
		return list
	}
	await(t, "jobs run", func() bool { return len(begun()) == 4 }) // as many as there is room for
	cancel()
	<-ended
	if rows := h.rows(); !strings.Contains(rows, "|RUNNING|") {
		t.Fatalf("nothing goes on:\n%s", rows)
	}
	jobs, err := slurm.Status(t.Context(), h.store, client(h.fake))
	if err != nil || len(jobs) != 6 {
		t.Fatalf("%d jobs, %v", len(jobs), err)
	}
	os.WriteFile(filepath.Join(dir, fmt.Sprint(begun()[0]), "go"), nil, 0o666) // ends while no head looks
	go func() {
		time.Sleep(time.Second)
		release(dir, 6)
	}()
	if err := h.run(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		if starts(dir, i) != 1 {
			t.Errorf("job %d started %d times", i, starts(dir, i))
		}
	}
	if h.count("sbatch") != 1 {
		t.Errorf("%d submissions", h.count("sbatch"))
	}
	h.checkEmpty()
}

// A head of another machine watches the jobs of the first one, and cancels none of them.
func TestFollow(t *testing.T) {
	h, dir := newHead(t), t.TempDir()
	text := slowRecipe(dir, 3)
	first := make(chan error, 1)
	go func() { first <- h.run(t.Context(), text) }()
	await(t, "jobs run", func() bool { return starts(dir, 0)+starts(dir, 1)+starts(dir, 2) == 3 })
	set := spool.List(spool.Root(h.store))[0]
	text2, err := os.ReadFile(filepath.Join(set.Dir, "set.json"))
	if err != nil {
		t.Fatal(err)
	}
	host, _ := os.Hostname() // from here on it is another machine's
	elsewhere := strings.Replace(string(text2), fmt.Sprintf("%q", host), `"elsewhere"`, 1)
	if err := os.WriteFile(filepath.Join(set.Dir, "set.json"), []byte(elsewhere), 0o666); err != nil {
		t.Fatal(err)
	}
	x := h.executor(t.Context())
	defer x.Close()
	ctx, cancel := context.WithCancel(t.Context())
	second := make(chan error, 1)
	go func() { second <- x.Execute(ctx, h.job(t, set)) }()
	time.Sleep(time.Second)
	cancel()
	<-second
	if rows := h.rows(); strings.Contains(rows, "CANCELLED") || h.count("sbatch") != 1 {
		t.Errorf("the second head did something:\n%s", rows)
	}
	release(dir, 3)
	if err := <-first; err != nil {
		t.Fatal(err)
	}
}

// job returns a job that is in a set already.
func (h *head) job(t *testing.T, set *spool.Set) *engine.Job {
	m, err := set.Job(0)
	if err != nil {
		t.Fatal(err)
	}
	j, err := m.Job(t.Context(), h.store, []*step.Kind{slow()})
	if err != nil {
		t.Fatal(err)
	}
	j.Sink = deaf{}
	return j
}

// deaf is a sink that nobody reads.
type deaf struct{}

// Emit implements [step.Sink].
func (deaf) Emit(step.Message) {}
