//go:build unix

package slurm_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"assay/artifacts"
	"assay/engine/slurm"
	"assay/engine/slurm/profile"
)

// TestCost measures what the head costs that watches 10,000 queued jobs with the default
// profile. It takes a minute, so it runs only for .ci/slurm.sh.
func TestCost(t *testing.T) {
	if os.Getenv("ASSAY_SLURM_COST") == "" {
		t.Skip("ASSAY_SLURM_COST is not set")
	}
	const jobs, watched = 10_000, 32 * time.Second
	h := newHead(t)
	h.profile = profile.Default()
	h.profile.Commands = h.commands()
	h.set("hold", "")
	ctx, cancel := context.WithCancel(t.Context())
	defer debug.SetGCPercent(debug.SetGCPercent(slurm.GCPercent))
	ended, began := make(chan error, 1), time.Now()
	text := tenThousand(t)
	go func() { ended <- h.run(ctx, text) }()
	await(t, "all are submitted", func() bool {
		select {
		case err := <-ended:
			t.Fatal(err)
		case <-time.After(100 * time.Millisecond):
		}
		return h.tasks() == jobs
	})
	minutes := int(time.Since(began).Minutes()) + 1
	cpu, asked, sent := used(), h.count("squeue"), h.count("sbatch")
	time.Sleep(watched)
	share := (used() - cpu).Seconds() / watched.Seconds()
	asked = h.count("squeue") - asked
	t.Logf("%d jobs in %d submissions, in the %d. minute; in %s: %.1f %% of a core, %d MiB, %d queries", jobs, sent, minutes,
		watched, 100*share, resident()>>20, asked)
	if share > 0.05 || resident() > 200e6 || asked > 3 || sent > 20*minutes {
		t.Error("that is too much")
	}
	cancel()
	<-ended
	h.checkEmpty()
}

// tenThousand returns a recipe of ten steps with a thousand shards each.
func tenThousand(t *testing.T) string {
	var sources, steps strings.Builder
	for s := range 10 {
		data := t.TempDir()
		for i := range 1000 { // the folder's name says which shard the file is of
			dir := filepath.Join(data, artifacts.ShardDir(i, 1000))
			if err := errors.Join(os.Mkdir(dir, 0o777), os.WriteFile(dir+"/x", []byte{byte(s)}, 0o666)); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Fprintf(&sources, "  d%d: %q\n", s, data)
		fmt.Fprintf(&steps, "  s%d: {uses: each, in: {files: d%d}}\n", s, s)
	}
	return fmt.Sprintf("shards: 1000\nsources:\n%ssteps:\n%s", &sources, &steps)
}

// tasks returns how many tasks were submitted.
func (f fake) tasks() int {
	names, _ := filepath.Glob(f.path("[0-9]*_[0-9]*"))
	return len(names)
}

// used returns the processor time of this process.
func used() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// resident returns the memory that this process has now, in bytes.
func resident() int64 {
	text, _ := os.ReadFile("/proc/self/status")
	var kib int64
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	fmt.Sscan(rest, &kib)
	return kib << 10
}
