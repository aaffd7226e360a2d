package summary

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"assay/engine/step"
	"assay/steps/kit/table"
)

func episode(host, id, profile string, s table.Status, reasons ...string) table.Episode {
	return table.Episode{Key: table.Key{Host: host, Episode: id}, Profile: profile, Status: s, Reasons: reasons}
}

func sample() []table.Episode {
	return []table.Episode{
		episode("lab-a", "1", "io-walk", table.Accepted),
		episode("lab-a", "2", "io-walk", table.Degraded, "gap: proc: 3 s", "gap: qmp: 4 s", "rows_lost: 1 of 2"),
		episode("lab-a", "3", "cpu", table.Rejected, "gap: x"),
		episode("lab-b", "1", "", table.Errored, "unreadable: tar"),
		episode("lab-b", "2", "\x1b[2Jio, walk", table.Accepted, "rows_twice: proc"),
	}
}

// summarize runs the kind as the engine does.
func summarize(t *testing.T, index []table.Episode) (text, csv string) {
	t.Helper()
	var b bytes.Buffer
	if err := table.WriteIndex(&b, index); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	k := Kind()
	in := step.Inputs{"index": {{FS: fstest.MapFS{"a/index.parquet": {Data: b.Bytes()}}}}}
	if err := k.Run(t.Context(), k.Params(), in, step.Outputs{"summary": root}); err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		b, err := root.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	return read(TextFile), read(CSVFile)
}

func TestText(t *testing.T) {
	got, _ := summarize(t, sample())
	want := strings.Join([]string{
		`host   profile            accepted  degraded  rejected  errored  episodes`,
		`lab-a  cpu                       0         0         1        0         1`,
		`lab-a  io-walk                   1         1         0        0         2`,
		`lab-a  all                       1         1         1        0         3`,
		`lab-b  ""                        0         0         0        1         1`,
		`lab-b  "\x1b[2Jio, walk"         1         0         0        0         1`,
		`lab-b  all                       1         0         0        1         2`,
		`all    all                       2         1         1        1         5`,
		``,
		`reason      accepted  degraded  rejected  errored  episodes  times  for example`,
		`gap                0         1         1        0         2      3  lab-a/2`,
		`rows_lost          0         1         0        0         1      1  lab-a/2`,
		`rows_twice         1         0         0        0         1      1  lab-b/2`,
		`unreadable         0         0         0        1         1      1  lab-b/1`,
		``,
	}, "\n")
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestCSV(t *testing.T) {
	_, text := summarize(t, sample())
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, strings.Join(r, "|"))
	}
	want := "host|profile|status|reason|episodes|times lab-a|cpu|rejected||1|1 lab-a|cpu|rejected|gap|1|1 " +
		"lab-a|io-walk|accepted||1|1 lab-a|io-walk|degraded||1|1 lab-a|io-walk|degraded|gap|1|2 lab-a|io-walk|degraded|rows_lost|1|1 " +
		"lab-b||errored||1|1 lab-b||errored|unreadable|1|1 lab-b|\x1b[2Jio, walk|accepted||1|1 lab-b|\x1b[2Jio, walk|accepted|rows_twice|1|1"
	if joined := strings.Join(got, " "); joined != want {
		t.Errorf("got  %q\nwant %q", joined, want)
	}
}

func TestNothing(t *testing.T) {
	if text, table := summarize(t, nil); text != "no episodes\n" || strings.Count(table, "\n") != 1 {
		t.Errorf("%q, %q", text, table)
	}
	if text, _ := summarize(t, sample()[:1]); !strings.Contains(text, "no episode has a reason") {
		t.Errorf("%q", text)
	}
}

// TestOrder: the order in which rows are given is nothing to the bytes.
func TestOrder(t *testing.T) {
	text, table := summarize(t, sample())
	for seed := range uint64(5) {
		index := sample()
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(index), func(i, j int) { index[i], index[j] = index[j], index[i] })
		if a, b := summarize(t, index); a != text || b != table {
			t.Errorf("order %d makes other bytes", seed)
		}
	}
}

func TestPrintable(t *testing.T) {
	for name, want := range map[string]string{
		"io-walk": "io-walk", "": `""`, " x": `" x"`, "ü": "ü", "a\nb": `"a\nb"`, strings.Repeat("ab", 50): strings.Repeat("ab", 30) + "…",
	} {
		if got := printable(name); got != want {
			t.Errorf("%q is shown as %s, want %s", name, got, want)
		}
	}
}
