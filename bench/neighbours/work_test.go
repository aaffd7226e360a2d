//go:build linux

package neighbours

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"assay/bench/turns"
	"assay/steps/kit/model"
	"assay/steps/kit/model/knn"
)

// What is measured.
const (
	rows    = 150_000
	queries = 256
	columns = 230
	classes = 6
	k       = 5
)

// made returns rows and queries: windows around 60 centres in a space of 50 factors,
// whose spread falls from the first to the last, with noise of their own in every column.
func made() []float32 {
	const centres, factors = 60, 50
	rng := rand.New(rand.NewPCG(1, 2))
	normal := func(n int) []float64 {
		list := make([]float64, n)
		for i := range list {
			list[i] = rng.NormFloat64()
		}
		return list
	}
	at, mixing := normal(centres*factors), normal(factors*columns)
	x := make([]float32, 0, (rows+queries)*columns)
	row := make([]float64, columns)
	for range rows + queries {
		centre := rng.IntN(centres)
		for c := range row {
			row[c] = 1.2 * rng.NormFloat64()
		}
		for f := range factors {
			v := (1.5*at[centre*factors+f] + rng.NormFloat64()) * (2 - 1.8*float64(f)/(factors-1))
			for c, share := range mixing[f*columns : (f+1)*columns] {
				row[c] += v * share
			}
		}
		for _, v := range row {
			x = append(x, float32(v))
		}
	}
	return x
}

// model of the rows, with what is left for queries. The peers get the same numbers: rows
// and queries as the model standardises them.
func fitted() (*knn.Model, []float32, error) {
	x := made()
	s := model.Schema{Features: make([]string, columns), Classes: make([]string, classes)}
	for _, names := range [][]string{s.Features, s.Classes} {
		for i := range names {
			names[i] = fmt.Sprint(i)
		}
	}
	train := model.Set{X: x[:rows*columns], Y: make([]int32, rows)}
	for i := range train.Y {
		train.Y[i] = int32(i % classes)
	}
	m, err := knn.Fit(context.Background(), knn.Params{K: k, Weights: knn.Uniform}, s, train)
	return m, x[rows*columns:], err
}

// write writes rows and queries, standardised, as little-endian float32.
func write(path string) error {
	m, x, err := fitted()
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	mean, inverse := m.Tensors()[0].Data, m.Tensors()[1].Data
	for i, v := range x {
		x[i] = (v - mean[i%columns]) * inverse[i%columns]
	}
	for _, part := range [][]float32{m.Tensors()[3].Data, x} {
		if err := binary.Write(w, binary.LittleEndian, part); err != nil {
			return err
		}
	}
	return w.Flush()
}

// work is what a process of assay does: "BATCH SECONDS", as peer.py takes them after the
// file. It writes a result.
func work(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("no such work: %q", args)
	}
	batch, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	long, err := time.ParseDuration(args[1] + "s")
	if err != nil {
		return err
	}
	m, x, err := fitted()
	if err != nil {
		return err
	}
	p := make([]float32, batch*classes)
	var cpu, wall []float64
	at := 0
	once := func() {
		m.Predict(p, x[at*columns:(at+batch)*columns])
		at = (at + batch) % queries
	}
	once()
	for begin := time.Now(); time.Since(begin) < long || len(cpu) < 5; {
		repeats := 64 / batch // the clock of processor time has coarse ticks
		then, cpuThen := time.Now(), turns.ProcessTime()
		for range repeats {
			once()
		}
		per := float64(repeats * batch)
		wall = append(wall, time.Since(then).Seconds()*1e3/per)
		cpu = append(cpu, (turns.ProcessTime()-cpuThen).Seconds()*1e3/per)
	}
	return json.NewEncoder(os.Stdout).Encode(turns.ResultOf("assay", cpu, wall, len(cpu)))
}
