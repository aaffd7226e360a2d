package profile

import (
	"slices"
	"strings"
	"testing"
	"time"

	"assay/engine/step"
)

const example = `
partition: long
account: lab
time: 2h
memory: 2GiB
env: [PATH, HOME]
head: [report]
poll: 30s
gres: {gpu: {gres: "gpu:a100", have: 4}}
steps:
  "train-*": {partition: gpu, time: 8h, flags: ["--constraint=avx2"]}
  train-big: {memory: 64GiB, together: 2}
`

func TestParse(t *testing.T) {
	p, err := Parse("site.yaml", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if p.Poll != step.Duration(30*time.Second) || p.Array != 1000 || !p.InHead("report") || p.InHead("reports") {
		t.Errorf("%+v", p)
	}
	if s := p.For("split"); s.Partition != "long" || s.Time != step.Duration(2*time.Hour) || len(s.Flags) > 0 {
		t.Errorf("split gets %+v", s)
	}
	s := p.For("train-big")
	if s.Partition != "gpu" || s.Account != "lab" || s.Time != step.Duration(8*time.Hour) || s.Memory != 64<<30 || s.Together != 2 {
		t.Errorf("train-big gets %+v", s)
	}
	want := []string{"--partition=gpu", "--account=lab", "--gres=gpu:a100:2", "--constraint=avx2"}
	if got := p.Args(s, map[string]int{"gpu": 2, "licence": 1}); !slices.Equal(got, want) {
		t.Errorf("flags %q, want %q", got, want)
	}
	if again := p.For("train-big"); len(again.Flags) != 1 {
		t.Errorf("flags add up: %q", again.Flags)
	}
}

func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"partitoin: x":               `site.yaml:1:1: unknown key "partitoin" (did you mean "partition"?)`,
		"[1]":                        "site.yaml:1:1: this is not a profile",
		"poll: 1ms":                  "poll: want 100ms or more",
		"array: 0":                   "site.yaml:1:8: array: want 1 to",
		"flags: [--array=1-2]":       "assay sets --array itself",
		"flags: [mem]":               "is not a flag of sbatch",
		"env: [A=b]":                 "is not the name of a variable",
		"steps: {a: {patrition: x}}": `did you mean "partition"`,
		"steps: {\"[\": {}}":         "is not a pattern",
		"steps: [a]":                 "want patterns of steps",
		"gres: {gpu: {gres: \"\"}}":  "want the name of a resource",
		"retries: 1000":              "retries: want 0 to 20",
		"steps: {a: {together: -1}}": "together: want 0 or more",
		"memory: lots":               "memory",
	} {
		_, err := Parse("site.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(example))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Parse("site.yaml", text)
		if err != nil {
			return
		}
		if p.Array < 1 || p.Submissions < 1 || p.Poll <= 0 {
			t.Errorf("%+v", p)
		}
		p.Args(p.For("train-x"), map[string]int{"gpu": 1})
		p.InHead("x")
	})
}
