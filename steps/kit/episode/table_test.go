package episode

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode/episodetest"
	"assay/steps/kit/pyjson"
)

const aZero = 1795323974892115984

// table decodes JSON lines of a source.
func table(s channel.Source, lines string, l Limits) *Table {
	r := newRowScanner(s)
	var t Table
	t.reset(len(r.empty))
	t.fill([]byte(lines), r, aZero, l)
	return &t
}

// TestRows compares rows with what the original made of them. A record of the
// files is three lines: the source, the row, and the outcome: blank, bad,
// noclock, refused, or the time and the columns as hexadecimal doubles.
// .ci/golden_rows.py writes such files; .ci/golden.sh compares fresh ones.
func TestRows(t *testing.T) {
	files := []string{"testdata/rows.txt"}
	if f := os.Getenv("ASSAY_GOLDEN_ROWS"); f != "" {
		files = append(files, f)
	}
	scanners := map[string]*rowScanner{}
	for s := range channel.Source(channel.NumSources) {
		scanners[s.String()] = newRowScanner(s)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(data, []byte("\n"))
		for i := 0; i+2 < len(lines); i += 3 {
			r := scanners[string(lines[i])]
			var tab Table
			tab.reset(len(r.empty))
			tab.fill(lines[i+1], r, aZero, DefaultLimits())
			for k := range tab.V {
				if !math.IsNaN(r.empty[k]) { // a list: the original knows no absent one
					tab.V[k] += 0
				}
			}
			if got := outcome(r, &tab); got != string(lines[i+2]) {
				t.Errorf("%s:%d: %.200q\n got %s\nwant %s", file, i+2, lines[i+1], got, lines[i+2])
			}
		}
		t.Logf("%s: %d rows", file, len(lines)/3)
	}
}

func outcome(r *rowScanner, t *Table) string {
	switch {
	case t.Lost.Syntax > 0:
		return "bad"
	case t.Lost.NoClock > 0:
		return "noclock"
	case t.Lost.Refused > 0:
		return "refused"
	case t.Len() == 0:
		return "blank"
	}
	out := make([]string, 0, 1+t.Width)
	for col, v := range append([]float64{t.T[0]}, t.V...) {
		if col > 0 && r.empty[col-1] == 0 && v == 0 {
			v = 0 // the original does not tell an absent list from an empty one
		}
		if math.IsNaN(v) {
			out = append(out, "nan")
		} else {
			out = append(out, fmt.Sprintf("%016x", math.Float64bits(v)))
		}
	}
	return strings.Join(out, " ")
}

func TestLost(t *testing.T) {
	l := DefaultLimits()
	l.Line, l.Rows = 100, 2
	tab := table(channel.Netflow, strings.Join([]string{
		``, "\t \r", `{"t_wall_ns":1795323974892115984,"pkts_in":1}`, `{"pkts_in":1}`, `{"t_wall_ns":"x"}`, `[1]`,
		`{"x":"` + strings.Repeat("y", 100) + `"}`, `{"t_wall_ns":1795323975892115984,"pkts_in":"2"}`, `{"t_wall_ns":1}`,
	}, "\n"), l)
	want := Lost{Syntax: 1, TooLong: 1, NoClock: 1, Refused: 1, Excess: 1, FirstLine: 4}
	if tab.Lost != want || tab.Lost.Total() != 5 {
		t.Errorf("lost %+v, want %+v", tab.Lost, want)
	}
	if tab.Len() != 2 || tab.T[1] != 1 || tab.V[tab.Width] != 2 || tab.Texts != 1 {
		t.Errorf("the table is %+v", tab)
	}
}

func TestDepth(t *testing.T) {
	nested := func(n int) string {
		return `{"t_wall_ns":1,"x":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}`
	}
	if n := table(channel.Proc, nested(pyjson.MaxDepth-1), DefaultLimits()).Len(); n != 1 {
		t.Error("a row as deep as allowed is lost")
	}
	for _, n := range []int{pyjson.MaxDepth, 200_000} {
		if tab := table(channel.Proc, nested(n), DefaultLimits()); tab.Lost.Syntax != 1 {
			t.Errorf("%d levels: lost %+v", n, tab.Lost)
		}
	}
}

// FuzzRow checks the scanner against itself without memory, against the decoder
// of the small files, and against the standard library.
func FuzzRow(f *testing.F) {
	seeds(f, func(s channel.Source, line []byte) { f.Add(byte(s), line) })
	f.Fuzz(func(t *testing.T, source byte, line []byte) {
		s := channel.Source(source % channel.NumSources)
		warm := table(s, strings.Repeat(string(line)+"\n", 3), DefaultLimits())
		if bytes.IndexByte(line, '\n') >= 0 {
			return // several rows: it did not panic
		}
		cold := table(s, string(line), DefaultLimits())
		if warm.Len() != 3*cold.Len() || warm.Lost.Total() != 3*cold.Lost.Total() {
			t.Fatalf("one row is %+v, three are %+v", cold.Lost, warm.Lost)
		}
		for i := range warm.V {
			if !episodetest.Same(warm.V[i], cold.V[i%cold.Width]) {
				t.Fatalf("column %d is %v in row %d, %v alone", i%cold.Width, warm.V[i], i/cold.Width, cold.V[i%cold.Width])
			}
		}
		object := cold.Lost.Syntax == 0 && cold.Lost.TooLong == 0 && !isBlank(line)
		if _, err := pyjson.ParseObject(line); (err == nil) != object && len(line) <= DefaultLimits().Line {
			t.Fatalf("the scanner takes it for an object: %v, the decoder: %v", object, err)
		}
		if trimmed := bytes.TrimLeft(line, " \t\r"); json.Valid(line) && len(line) < 4000 && trimmed[0] == '{' && pyjson.Valid(line) && !object {
			t.Fatal("the standard library takes it for an object")
		}
	})
}

// seeds yields real rows and the records of testdata/rows.txt.
func seeds(t testing.TB, add func(channel.Source, []byte)) {
	r := newReader(t, DefaultLimits())
	for _, name := range episodetest.Names(t, 120) {
		if _, err := r.Read(os.DirFS(episodetest.Corpus), name); err != nil {
			t.Fatal(err)
		}
		for s := range channel.Source(channel.NumSources) {
			lines := bytes.SplitN(r.container.entries[s.Entry()], []byte("\n"), 4)
			for _, line := range lines[:min(3, len(lines))] {
				add(s, bytes.Clone(line))
			}
		}
	}
	data, err := os.ReadFile("testdata/rows.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(data, []byte("\n"))
	for i := 0; i+2 < len(lines); i += 30 {
		for s := range channel.Source(channel.NumSources) {
			if s.String() == string(lines[i]) {
				add(s, lines[i+1])
			}
		}
	}
	add(channel.Guest, []byte(`{"x\u0000":[[{}]]}`))
}
