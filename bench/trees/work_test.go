//go:build linux

package trees

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"
	"unsafe"

	"assay/bench/turns"
	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
)

// A job is what one process does. Both sides read it as JSON.
type job struct {
	Dir     string `json:"dir"` // where the task is
	Rounds  int    `json:"rounds"`
	Threads int    `json:"threads"`
	Predict bool   `json:"predict"` // measure the prediction of all training rows, too
	Last    bool   `json:"last"`    // the loss counts, that of the last round

	Subsample float64 `json:"subsample"`
	Colsample float64 `json:"colsample"` // colsample_bytree
	Balanced  bool    `json:"balanced"`
}

// A task is rows with their classes: train, then those held out.
type task struct {
	Columns int `json:"columns"`
	Classes int `json:"classes"`
	Train   int `json:"train"` // rows
	x       []float32
	y       []int32
}

// write makes a folder of the task: its numbers as JSON, x and y as they lie in memory.
func (t *task) write(dir string) error {
	b, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "task.json"), b, 0o644); err != nil {
		return err
	}
	x := unsafe.Slice((*byte)(unsafe.Pointer(&t.x[0])), 4*len(t.x))
	if err := os.WriteFile(filepath.Join(dir, "x.f32"), x, 0o644); err != nil {
		return err
	}
	var y bytes.Buffer
	if err := binary.Write(&y, binary.NativeEndian, t.y); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "y.i32"), y.Bytes(), 0o644)
}

func read(dir string) (*task, error) {
	t := &task{}
	b, err := os.ReadFile(filepath.Join(dir, "task.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, t); err != nil {
		return nil, err
	}
	x, err := os.ReadFile(filepath.Join(dir, "x.f32"))
	if err != nil {
		return nil, err
	}
	y, err := os.ReadFile(filepath.Join(dir, "y.i32"))
	if err != nil {
		return nil, err
	}
	t.x = unsafe.Slice((*float32)(unsafe.Pointer(&x[0])), len(x)/4)
	t.y = make([]int32, len(y)/4)
	return t, binary.Read(bytes.NewReader(y), binary.NativeEndian, t.y)
}

// sets returns the rows to train on and those held out.
func (t *task) sets() (train, held model.Set) {
	n := t.Train
	return model.Set{X: t.x[:n*t.Columns], Y: t.y[:n]}, model.Set{X: t.x[n*t.Columns:], Y: t.y[n:]}
}

func (t *task) schema() (s model.Schema) {
	for i := range t.Columns {
		s.Features = append(s.Features, fmt.Sprint("f", i))
	}
	for i := range t.Classes {
		s.Classes = append(s.Classes, fmt.Sprint("c", i))
	}
	return s
}

func (j job) params() gbt.Params {
	p := gbt.Params{Rounds: j.Rounds, Patience: j.Rounds, MaxDepth: 6, MaxBin: 256, LearningRate: 0.1, Lambda: 1,
		MinChildWeight: 1, Subsample: j.Subsample, ColsampleTree: j.Colsample, ColsampleLevel: 1,
		ClassWeight: gbt.Unweighted, Seed: 1, Workers: j.Threads}
	if j.Balanced {
		p.ClassWeight = gbt.Balanced
	}
	return p
}

// work is what a process of assay does. It writes a result. A round is measured from the
// second on, as the first one's processor time has the binning.
func work(text string) error {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return err
	}
	t, err := read(j.Dir)
	if err != nil {
		return err
	}
	train, held := t.sets()
	watched := held
	if !j.Last { // peers evaluate nothing while they train, so ours evaluates little
		watched = model.Set{X: held.X[:1000*t.Columns], Y: held.Y[:1000]}
	}
	watched.X = slices.Clone(watched.X)
	var cpu, wall []float64
	then, cpuThen := time.Now(), turns.ProcessTime()
	rows, err := gbt.Bin(j.params(), t.schema(), train)
	if err != nil {
		return err
	}
	// As the step does. The peers' peaks are when they make their own form of the array.
	t.x, train.X, held.X = nil, nil, nil
	fit, err := gbt.Train(context.Background(), j.params(), rows, watched, func(model.Round) {
		now, cpuNow := time.Now(), turns.ProcessTime()
		wall = append(wall, now.Sub(then).Seconds()*1e3)
		cpu = append(cpu, (cpuNow-cpuThen).Seconds()*1e3)
		then, cpuThen = now, cpuNow
	})
	if err != nil {
		return err
	}
	setup := cpu[0]
	r := turns.ResultOf("assay", cpu[1:], wall[1:], len(cpu)-1)
	r.Setup, r.Peak = setup-r.CPUMedian, turns.Peak()
	if t, err = read(j.Dir); err != nil {
		return err
	}
	train, held = t.sets()
	if r.Loss = loss(fit.Model, held); j.Last {
		r.Loss = fit.Rounds[len(fit.Rounds)-1].Validation
	}
	if j.Predict {
		p := make([]float32, t.Train*t.Classes)
		begin := turns.ProcessTime()
		fit.Model.Predict(p, train.X)
		r.Predict = (turns.ProcessTime() - begin).Seconds() * 1e3
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

// loss returns the mean cross-entropy of a model.
func loss(m *gbt.Model, s model.Set) float64 {
	k := len(m.Classes)
	p := make([]float32, len(s.Y)*k)
	m.Predict(p, s.X)
	sum := 0.0
	for i, y := range s.Y {
		sum -= math.Log(max(float64(p[i*k+int(y)]), 1e-15))
	}
	return sum / float64(len(s.Y))
}
