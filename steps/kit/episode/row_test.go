package episode

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode/episodetest"
	"assay/steps/kit/pyjson"
)

// agree compares a scanner that has seen other rows with one that has no memory.
func agree(t *testing.T, r *rowScanner, s channel.Source, line []byte) (object bool) {
	t.Helper()
	cold := newRowScanner(s)
	got, want := make([]float64, len(r.empty)), make([]float64, len(r.empty))
	texts, notFinite := r.texts, r.notFinite
	object = r.scan(line, got)
	if object != cold.plain(line, want) {
		t.Fatalf("taken for an object: %v; %.300q", object, line)
	}
	if !object {
		return false
	}
	if !episodetest.AllSame(got, want) {
		t.Fatalf("columns %v, want %v; %.300q", got, want, line)
	}
	if !sameNumber(r.wall, cold.wall) || !sameNumber(r.mono, cold.mono) || r.refused() != cold.refused() {
		t.Fatalf("clocks %v %v, want %v %v; %.300q", r.wall, r.mono, cold.wall, cold.mono, line)
	}
	if r.texts-texts != cold.texts || r.notFinite-notFinite != cold.notFinite {
		t.Fatalf("%d texts, %d not finite, want %d, %d; %.300q", r.texts-texts, r.notFinite-notFinite, cold.texts, cold.notFinite, line)
	}
	return true
}

// sameNumber reports whether nobody can tell two numbers apart.
func sameNumber(a, b pyjson.Number) bool {
	seen := func(n pyjson.Number) string {
		unix, ok := n.Unix()
		since, counted := n.Since(aZero)
		f, isFloat := n.Float()
		return fmt.Sprint(n.Absent(), unix, ok, math.Float64bits(since), counted, math.Float64bits(f), isFloat)
	}
	return seen(a) == seen(b)
}

// TestTemplates: rows that resemble the one before in all but one place.
func TestTemplates(t *testing.T) {
	const usual = `{"t_wall_ns":1795323974892115984,"t_mono_ns":17,"vm":"on","load_1m_5m_15m":[0.25,1,2],` +
		`"net":{"eth0":{"rx_bytes":12,"z":-1}},"listen_ports":[80,443],"top_procs":[{"pid":1,"comm":"init"},{"pid":20,"comm":"sh"}]}`
	for _, change := range [][2]string{
		{"", ""}, {":17,", ":0,"}, {":17,", ":017,"}, {":17,", ":9223372036854775807,"}, {":17,", ":9223372036854775808,"}, {":17,", ":-17,"}, {":17,", ":1.5,"}, {":17,", `:"x",`},
		{`,"t_mono_ns":17`, ""}, {"84,", "84 ,"}, {"1795323974892115984", "1"}, {"1795323974892115984", "12345678"}, {"1795323974892115984", "17953239748921159841"},
		{"1795323974892115984", "1e18"}, {"1795323974892115984", "null"}, {`"on"`, `"o\n"`}, {`"on"`, `"\u0041"`}, {`"on"`, "\"\x01\""}, {`"on"`, `{}`}, {`"on"`, `"` + "\u00fc" + `"`},
		{"0.25", "00.25"}, {"0.25", "0."}, {"0.25", "12345678.1234567"}, {"0.25", "123456789.1234567"}, {"0.25", "1234567890123456.5"}, {"0.25", "1e400"},
		{"0.25", "NaN"}, {"0.25", `"3"`}, {"0.25", "null"}, {"[0.25,1,2]", "[]"}, {"[0.25,1,2]", "[1]"}, {"[0.25,1,2]", "0.25"},
		{":12,", ":9999999,"}, {":12,", ":99999999,"}, {":12,", ":999999999999999999,"}, {":12,", ":1000000000000000001,"}, {":12,", ":18446744073709551616,"},
		{":12,", ":true,"}, {":12,", ":12.,"}, {":12,", ":12,"}, {":12,", ":-0,"}, {":12,", ":01,"}, {"-1}", "-0}"}, {`"z":-1`, `"rx_bytes":null`}, {`"z":-1`, `"rx\u005fbytes":4`},
		{"[80,443]", "[]"}, {"[80,443]", "[ ]"}, {"[80,443]", "[80]"}, {"[80,443]", "[80,4433]"}, {"[80,443]", "[80,443,1]"}, {"[80,443]", "[80 , 443 ]"},
		{"[80,443]", "[80,]"}, {"[80,443]", "[80,443"}, {"[80,443]", "[[80],{}]"}, {"[80,443]", "null"}, {"[80,443]", `"abc"`}, {"[80,443]", "[1.5e3,0.10]"},
		{`"pid":1,`, `"pid":1000,`}, {`"sh"`, `"zsh"`}, {`"sh"`, `"s\\"`}, {`"sh"`, "\"\xff\""}, {`"on"`, "\"\xff\""}, {`"sh"`, "\"\xc3\xbc\""}, {`"sh"}`, "\"sh\",\"\xff\":1}"}, {`{"t_wall`, "\xef\xbb\xbf{\"t_wall"}, {`"sh"}`, `"sh","x":[1]}`}, {`"sh"}`, `"sh"},{"pid":3,"comm":"a"}`}, {`{"pid":1,"comm":"init"},`, ""},
		{`"top_procs"`, `"net"`}, {`"top_procs"`, `"listen_ports"`}, {"]}", "]} "}, {"]}", "]}x"}, {"]}", "]"}, {`{"t_wall`, ` {"t_wall`},
	} {
		line := []byte(strings.Replace(usual, change[0], change[1], 1))
		r := newRowScanner(channel.Guest)
		for _, row := range [][]byte{[]byte(usual), line, []byte(usual), line, line, []byte(usual)} {
			agree(t, r, channel.Guest, row)
		}
	}
}

// TestSettle: the next file may lie in the memory of the last one.
func TestSettle(t *testing.T) {
	file := func(first int) (lines []byte) {
		for n := range 9 {
			lines = fmt.Appendf(lines, `{"t_wall_ns":%d,"load_1m_5m_15m":[0.%d],"net":{"eth0":{"rx_bytes":%d}}}`+"\n", first+n, n, first)
		}
		return lines
	}
	r := newRowScanner(channel.Guest)
	var got, want Table
	got.reset(len(r.empty))
	want.reset(len(r.empty))
	buffer := file(100)
	got.fill(buffer, r, 0, DefaultLimits())
	copy(buffer, file(200))
	got.reset(len(r.empty))
	got.fill(buffer, r, 0, DefaultLimits())
	want.fill(buffer, newRowScanner(channel.Guest), 0, DefaultLimits())
	if !episodetest.AllSame(got.V, want.V) || !episodetest.AllSame(got.T, want.T) || got.Lost != want.Lost {
		t.Errorf("%v %v, want %v %v", got.T, got.V, want.T, want.V)
	}
}

// TestCommon compares with a loop over bytes, at every length and every place of
// the first difference.
func TestCommon(t *testing.T) {
	for n := range 80 {
		for at := range n + 1 {
			a, b := bytes.Repeat([]byte("x"), n), bytes.Repeat([]byte("x"), n)
			for i := at; i < n; i += 1 + at%3 {
				b[i] ^= byte(1 << (i % 8))
			}
			if got := common(a, b); got != at {
				t.Errorf("%d of %d bytes are the same, got %d", at, n, got)
			}
			if got := common(a[:at], b); got != at {
				t.Errorf("%d bytes are the same as in the first %d of %d, got %d", at, at, n, got)
			}
		}
	}
}

// TestTemplatesFit: a recording's rows follow templates, or all the speed is gone.
func TestTemplatesFit(t *testing.T) {
	r := newReader(t, DefaultLimits())
	if _, err := r.Read(os.DirFS(episodetest.Corpus), episodetest.Names(t, 1000)[0]); err != nil {
		t.Fatal(err)
	}
	for s := range channel.Source(channel.NumSources) {
		scanner, misses := newRowScanner(s), 0
		lines := bytes.Split(bytes.TrimSpace(r.container.entries[s.Entry()]), []byte("\n"))
		for _, line := range lines {
			if row := make([]float64, len(scanner.empty)); !scanner.follow(line, row) {
				misses++
				scanner.scan(line, row)
			}
		}
		if misses > len(lines)/20 {
			t.Errorf("%s: %d of %d rows fit no template", s, misses, len(lines))
		}
	}
}

// TestTemplatesBounded: rows of ever other shapes leave little behind.
func TestTemplatesBounded(t *testing.T) {
	r := newRowScanner(channel.Guest)
	row := make([]float64, len(r.empty))
	for i := range 3000 {
		arrays := strings.Repeat(fmt.Sprintf(`"k%d":[{"x":[%d]},[[1]],"%s"],`, i, i, strings.Repeat("y", i%300)), 1+i%12)
		if !r.scan([]byte(`{`+arrays+`"t_wall_ns":1}`), row) {
			t.Fatal("not an object")
		}
	}
	if len(r.templates) > maxTemplates || r.pause > maxPause {
		t.Fatalf("%d templates, pause %d", len(r.templates), r.pause)
	}
	for _, tm := range r.templates {
		lists := 0
		for _, p := range tm.shape {
			if p.list != nil {
				lists++
				if len(p.list.last) > maxLast {
					t.Errorf("%d elements are remembered", len(p.list.last))
				}
			}
		}
		if lists > maxLists {
			t.Errorf("%d lists in a template", lists)
		}
	}
}

// FuzzTemplate lets any three rows follow one another.
func FuzzTemplate(f *testing.F) {
	var before []byte
	seeds(f, func(s channel.Source, line []byte) {
		f.Add(byte(s), before, line, slices.Concat(line, []byte(" ")))
		before = line
	})
	f.Fuzz(func(t *testing.T, source byte, a, b, c []byte) {
		s := channel.Source(source % channel.NumSources)
		r := newRowScanner(s)
		for _, line := range [][]byte{a, b, a, c, b, c, a} {
			agree(t, r, s, line)
		}
	})
}
