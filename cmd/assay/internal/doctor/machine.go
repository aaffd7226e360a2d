package doctor

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"assay/artifacts/disk"
	"assay/cmd/assay/internal/plain"
)

const (
	leastDisk   = 256 << 20 // below it, a run is likely to fail
	littleDisk  = 5 << 30
	leastMemory = 1 << 30
)

// checkDisk looks at the room that the store has.
func checkDisk(_ context.Context, p Patient) []Line {
	dir := p.Store
	if _, err := os.Stat(dir); err != nil {
		dir = filepath.Dir(dir)
	}
	free, total, ok := disk.Free(dir)
	if !ok {
		return []Line{{"free disk", None, "unknown on this system", ""}}
	}
	l := Line{Check: "free disk", State: OK, Found: fmt.Sprintf("%s of %s", plain.Size(free), plain.Size(total))}
	switch {
	case free < leastDisk:
		l.State, l.Remedy = Broken, "free some: assay gc, assay du"
	case free < littleDisk:
		l.State, l.Remedy = Note, "free some: assay gc, assay du"
	}
	return []Line{l}
}

// maxDrift is how far the clock of a file server may be from that of this machine.
const maxDrift = 2 * time.Second

// checkClock compares the machine's clock with the one that sets the times of files, which is a file server's
// on a network file system.
func checkClock(_ context.Context, p Patient) []Line {
	dir := p.Store
	if _, err := os.Stat(dir); err != nil {
		dir = filepath.Dir(dir)
	}
	now := time.Now()
	if now.Year() < 2020 {
		return []Line{{"clock", Broken, now.Format(time.DateTime), "set the clock of this machine"}}
	}
	f, err := os.CreateTemp(dir, ".assay-doctor-")
	if err != nil {
		return []Line{{"clock", Note, "not compared with that of the disk: " + err.Error(), ""}}
	}
	defer os.Remove(f.Name())
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return []Line{{"clock", Note, err.Error(), ""}}
	}
	drift := st.ModTime().Sub(now)
	if drift.Abs() > maxDrift {
		return []Line{{"clock", Note, fmt.Sprintf("files get times that are %s off", drift.Round(time.Second)),
			"set the clocks of this machine and of the file server (chrony or ntpd); sources are hashed more often meanwhile"}}
	}
	return []Line{{"clock", OK, "files get the times of this machine", ""}}
}

// checkMemory looks at the memory of the machine, and at what this process may use of it.
func checkMemory(context.Context, Patient) []Line {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return []Line{{"memory", None, "unknown on this system", ""}}
	}
	total, free := kib(text, "MemTotal:"), kib(text, "MemAvailable:")
	l := Line{Check: "memory", State: OK, Found: fmt.Sprintf("%s of %s available", plain.Size(free), plain.Size(total))}
	if limit, ok := cgroupLimit(); ok && limit < total {
		l.Found += fmt.Sprintf(", and this process may use %s", plain.Size(limit))
		free = min(free, limit)
		l.State, l.Remedy = Note, "steps may ask for the machine's memory: keep their sum below the limit with resources: and -j"
	}
	if free < leastMemory {
		l.State, l.Remedy = Note, "networks and tables of a large corpus need more: see resources: in docs/RECIPES.md"
	}
	return []Line{l}
}

// kib reads a line such as "MemTotal: 123 kB".
func kib(text []byte, name string) int64 {
	for line := range bytes.Lines(text) {
		word := strings.Fields(string(line))
		if len(word) >= 2 && word[0] == name {
			n, err := strconv.ParseInt(word[1], 10, 53)
			if err == nil {
				return n << 10
			}
		}
	}
	return 0
}

// cgroupLimit returns the memory that the kernel gives this process's group, if it bounds it.
func cgroupLimit() (int64, bool) {
	text, err := os.ReadFile("/sys/fs/cgroup/memory.max")
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}

// checkCPU says which instructions the kernels of models use here.
func checkCPU(context.Context, Patient) []Line {
	has, fast := features()
	l := Line{Check: "CPU", State: OK, Found: fmt.Sprintf("%s, %s, %s", plain.Plural(runtime.NumCPU(), "core"), runtime.GOARCH, has)}
	if !fast {
		l.State, l.Remedy = Note, "none is needed: models are the same, and their training is slower"
	}
	return []Line{l}
}

// checkFence looks for Landlock, which keeps commands from what they did not declare.
func checkFence(context.Context, Patient) []Line {
	v := landlock()
	if v < 1 {
		return []Line{{"Landlock", Note, "none", "use Linux 5.13 or later with landlock among its lsm=; without it a command may read " +
			"files that are no inputs of its step, and assay does not notice"}}
	}
	return []Line{{"Landlock", OK, fmt.Sprintf("version %d", v), ""}}
}
