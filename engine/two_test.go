package engine_test

import (
	"fmt"
	"sync"
	"testing"

	"assay/artifacts/store"
	"assay/engine"
)

// TestTwoRunsAtOnceShareTheWork runs one cold recipe from two handles on one
// store, as two processes would: kernel locks belong to open files.
func TestTwoRunsAtOnceShareTheWork(t *testing.T) {
	l := newLab(t)
	for i := range 40 {
		l.write(fmt.Sprintf("data/f%02d.txt", i), fmt.Sprint("text ", i))
	}
	l.write("data/in.txt", "a\n")
	text := chain + "  e1: {uses: each, in: {files: data}}\n"
	other, err := store.Open(".assay", func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var locks [2]string
	var shards [2]int
	var wg sync.WaitGroup
	for i, s := range []*store.Store{l.store, other} {
		g := l.graph(text)
		e := &engine.Engine{Store: s, Executor: engine.Local{Cores: 2}}
		wg.Go(func() {
			rs, err := e.Run(t.Context(), g)
			if err != nil {
				t.Error(err)
				return
			}
			locks[i] = string(rs.Lock().Text())
			for n, o := range rs.Outcomes {
				if n.Name() == "e1" {
					shards[i] = o.Actions
				}
			}
		})
	}
	wg.Wait()
	count := map[string]int{}
	for _, what := range l.ran {
		count[what]++
	}
	if count["strip"] != 1 || count["copy"] != 1 || count["join"] != 1 || shards[0] < 2 || count["each"] != shards[0] {
		t.Errorf("ran %v; want each action once, and %d shards", count, shards[0])
	}
	if locks[0] != locks[1] || locks[0] == "" {
		t.Error("the two runs end with different locks")
	}
}
