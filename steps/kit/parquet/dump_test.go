package parquet

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// A dumped is a column of a file as this package reads it, or why it does not.
type dumped struct {
	Name    string `json:"name"`
	Refused string `json:"refused,omitempty"`
	Values  []any  `json:"values"`
}

// TestDump reads every column of the file that ASSAY_DUMP names and writes the values
// to the file ASSAY_DUMP_TO, for .ci/parquet-testing.sh to compare. Numbers are
// written as texts, since JSON has no NaN.
func TestDump(t *testing.T) {
	from, to := os.Getenv("ASSAY_DUMP"), os.Getenv("ASSAY_DUMP_TO")
	if from == "" {
		t.Skip("ASSAY_DUMP names no file")
	}
	out := struct {
		Refused string   `json:"refused,omitempty"`
		Columns []dumped `json:"columns"`
		Peak    int      `json:"peak"` // KiB of memory
	}{}
	p, err := Open(os.DirFS(filepath.Dir(from)), filepath.Base(from))
	if err != nil {
		out.Refused = err.Error()
	} else {
		defer p.src.Close()
		last := -1
		for i := range p.Leaves {
			if p.Leaves[i].Column != last {
				out.Columns = append(out.Columns, dump(p, &p.Leaves[i]))
			}
			last = p.Leaves[i].Column
		}
	}
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		if _, after, found := strings.Cut(string(status), "VmHWM:"); found {
			fmt.Sscan(after, &out.Peak)
		}
	}
	b, err := json.Marshal(out)
	if err == nil {
		err = os.WriteFile(to, b, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// dump reads one column, whatever it holds.
func dump(p *File, l *Leaf) dumped {
	texts := NewTexter()
	isList := l.shape == list
	c := Column[any]{name: l.Name, list: isList,
		null: func(row *any) { *row = nil },
		set: func(row *any, c cell) error {
			v, err := show(c, texts)
			if isList {
				list, _ := (*row).([]any)
				v = append(list, v)
			}
			*row = v
			return err
		},
	}
	rows, err := ReadAll(nil, p, []Column[any]{c})
	if err != nil {
		return dumped{Name: l.Name, Refused: err.Error()}
	}
	return dumped{Name: l.Name, Values: rows}
}

// show gives a value as what the column says it is.
func show(c cell, t *Texter) (any, error) {
	switch c.leaf.sense.of {
	case meansInstant:
		ns, err := c.instant()
		return fmt.Sprint(ns), err
	case meansText:
		return c.text(t)
	}
	if c.leaf.numeric() {
		v, err := c.number()
		return strconv.FormatFloat(v, 'g', -1, 64), err
	}
	return c.text(t)
}
