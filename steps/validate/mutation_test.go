package validate

import (
	"archive/tar"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"testing/fstest"

	"assay/steps/kit/episode"
	"assay/steps/kit/table"
)

// TestMutations damages recorded and damaged episodes at random, in the
// compressed file, in the tar and in the rows, and reads what is left: nothing
// panics, memory stays in bounds, and whatever is not accepted has a reason.
// ASSAY_MUTATIONS is how many; .ci/mutations.sh does many. A failure names the
// number of the mutation, which is its seed.
func TestMutations(t *testing.T) {
	first, last := mutations(t)
	m := newMutator(t)
	counts := map[table.Status]int{}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const batch = 200
	for n := first; n < last; n++ {
		row := m.check(t, n)
		counts[row.Status]++
		if row.Status != table.Accepted && len(row.Reasons) == 0 {
			t.Errorf("mutation %d is %s for no reason", n, row.Status)
		}
		if (n+1)%batch == 0 {
			runtime.ReadMemStats(&after)
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 2*batch {
				t.Errorf("mutations %d to %d: %d MiB allocated", n+1-batch, n, mb)
			}
			if mb := after.HeapAlloc >> 20; mb > 256 {
				t.Errorf("mutation %d: a heap of %d MiB", n, mb)
			}
			before = after
		}
	}
	t.Logf("%d mutations: %v", last-first, counts)
	if len(counts) < 4 {
		t.Errorf("only these verdicts occur: %v", counts)
	}
}

// mutations returns the range of numbers to try.
func mutations(t *testing.T) (first, last int) {
	last = 3000
	for name, n := range map[string]*int{"ASSAY_MUTATIONS_FROM": &first, "ASSAY_MUTATIONS": &last} {
		if text := os.Getenv(name); text != "" {
			v, err := strconv.Atoi(text)
			if err != nil || v < 0 {
				t.Fatalf("%s is %q, want a number", name, text)
			}
			*n = v
		}
	}
	return first, last
}

// A mutator holds what mutations begin with: small episodes, as files, as tars
// and as entries.
type mutator struct {
	checker *checker
	store   fstest.MapFS
	files   [][]byte
	tars    [][]byte
	entries [][]part
	names   []string // of their files
}

// A part is an entry of a tar, cut into lines.
type part struct {
	name  string
	lines [][]byte
}

// newMutator reads testdata/mutations: episodes of testdata/corpus and
// testdata/damaged, each cut to its first eight rows so that a mutation is likely
// to hit what matters, as tar and compressed.
func newMutator(t *testing.T) *mutator {
	m := &mutator{store: fstest.MapFS{}, files: glob(t, "testdata/mutations/*.tar.zst"), tars: glob(t, "testdata/mutations/*.tar")}
	for _, file := range glob(t, testdata+"/damaged/*/*"+episode.Suffix) {
		if len(file) < 4<<10 {
			m.files = append(m.files, file)
		}
	}
	for _, archive := range m.tars {
		parts := partsOf(t, archive)
		m.entries = append(m.entries, parts)
		m.names = append(m.names, nameOf(parts))
	}
	reader, err := episode.NewReader(episode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(reader.Close)
	p := Defaults()
	p.MinCoverage, p.MinRows, p.MaxGap = 0, 0, p.MaxDuration // the episodes were cut
	m.checker = &checker{p: p, store: m.store, reader: reader, tolerance: p.ClockTolerance.Seconds()}
	return m
}

// nameOf returns the name of the file that an episode should be in.
func nameOf(parts []part) string {
	var meta struct {
		Host string `json:"host_id"`
		ID   string `json:"episode_id"`
	}
	for _, p := range parts {
		if p.name == "meta.json" {
			json.Unmarshal(bytes.Join(p.lines, nil), &meta) // damaged ones have no name
		}
	}
	return cmp.Or(meta.Host, aHost) + "/" + cmp.Or(meta.ID, anID) + episode.Suffix
}

func glob(t *testing.T, pattern string) (files [][]byte) {
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("nothing is at %s: %v", pattern, err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, b)
	}
	return files
}

func partsOf(t *testing.T, archive []byte) (parts []part) {
	r := tar.NewReader(bytes.NewReader(archive))
	for {
		h, err := r.Next()
		if err == io.EOF {
			return parts
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part{h.Name, bytes.SplitAfter(data, []byte("\n"))})
	}
}

func packed(parts []part) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, p := range parts {
		data := bytes.Join(p.lines, nil)
		if w.WriteHeader(&tar.Header{Name: p.name, Size: int64(len(data)), Mode: 0o644}) == nil {
			w.Write(data)
		}
	}
	w.Close()
	return b.Bytes()
}

// check judges mutation n. A panic names it.
func (m *mutator) check(t *testing.T, n int) table.Episode {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("mutation %d panics: %v\n%s", n, p, debug.Stack())
		}
	}()
	rng := rand.New(rand.NewPCG(uint64(n), 0x6d757461))
	seed := rng.IntN(len(m.tars))
	file, name := m.mutate(rng, seed), m.names[seed]
	sum := fmt.Sprintf("%x  %s\n", sha256.Sum256(file), path.Base(name))
	clear(m.store)
	m.store[name] = &fstest.MapFile{Data: file}
	m.store[name+sidecarSuffix] = &fstest.MapFile{Data: []byte(sum)}
	row, err := m.checker.check(name)
	if err != nil {
		t.Fatalf("mutation %d: %v", n, err)
	}
	return row
}

func (m *mutator) mutate(r *rand.Rand, seed int) []byte {
	switch r.IntN(4) {
	case 0:
		return spoil(r, pick(r, m.files), pick(r, m.files))
	case 1:
		return frame(spoil(r, m.tars[seed], pick(r, m.tars)))
	case 2:
		return frame(blocks(r, m.tars[seed], pick(r, m.tars)))
	}
	return frame(packed(rows(r, m.entries[seed], pick(r, m.entries))))
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// spoil flips bytes, cuts, and joins the head of one text to the tail of another.
func spoil(r *rand.Rand, a, b []byte) []byte {
	a = bytes.Clone(a)
	switch r.IntN(5) {
	case 0:
		return a[:r.IntN(len(a)+1)]
	case 1:
		return append(a[:r.IntN(len(a)+1)], b[r.IntN(len(b)+1):]...)
	case 2:
		from := r.IntN(len(a) + 1)
		return append(a[:from:from], a[min(len(a), from+r.IntN(64)):]...)
	}
	for range 1 + r.IntN(6) {
		if len(a) > 0 {
			a[r.IntN(len(a))] ^= byte(1 << r.IntN(8))
		}
	}
	return a
}

// blocks puts blocks of one tar, headers most of the time, into another, with a
// field changed and the checksum right, so that the tar's reader takes it.
func blocks(r *rand.Rand, a, b []byte) []byte {
	a = bytes.Clone(a)
	for range 1 + r.IntN(3) {
		from, to := r.IntN(max(1, len(b)/512))*512, r.IntN(max(1, len(a)/512))*512
		if from+512 > len(b) || to+512 > len(a) {
			continue
		}
		h := a[to : to+512]
		copy(h, b[from:from+512])
		switch r.IntN(4) {
		case 0:
			h[156] = pick(r, []byte("0123456xgLKSV\x00"))
		case 1:
			copy(h[124:136], fmt.Sprintf("%011o\x00", r.Uint64N(1<<33)))
		case 2:
			copy(h, pick(r, []string{"../x\x00", "/etc/x\x00", "meta.json\x00", "labels.jsonl\x00", "netflow.jsonl\x00", "done\x00"}))
		}
		copy(h[148:156], "        ")
		sum := 0
		for _, c := range h {
			sum += int(c)
		}
		copy(h[148:156], fmt.Sprintf("%06o\x00 ", sum))
	}
	return a
}

// rows changes lines: it repeats, moves, removes and damages them, takes some of
// another episode, and writes odd values into them.
func rows(r *rand.Rand, a, b []part) []part {
	a = slices.Clone(a)
	for range 1 + r.IntN(4) {
		p := &a[r.IntN(len(a))]
		p.lines = slices.Clone(p.lines)
		at := r.IntN(len(p.lines))
		other := pick(r, pick(r, b).lines)
		switch r.IntN(7) {
		case 0:
			p.lines[at] = spoil(r, p.lines[at], other)
		case 1:
			p.lines = slices.Insert(p.lines, at, other)
		case 2:
			p.lines = slices.Insert(p.lines, at, p.lines[at])
		case 3:
			p.lines = slices.Delete(p.lines, at, at+1+r.IntN(len(p.lines)-at))
			if len(p.lines) == 0 {
				p.lines = [][]byte{nil}
			}
		case 4:
			p.name = pick(r, a).name
		default:
			p.lines[at] = odd(r, p.lines[at])
		}
	}
	return a
}

// odd puts a value that nobody would write in the place of another one.
func odd(r *rand.Rand, line []byte) []byte {
	var colons []int
	for i, c := range line {
		if c == ':' {
			colons = append(colons, i+1)
		}
	}
	if len(colons) == 0 {
		return line
	}
	at := pick(r, colons)
	end := at
	for end < len(line) && !bytes.ContainsRune([]byte(",}]\n"), rune(line[end])) {
		end++
	}
	value := pick(r, []string{"NaN", "-Infinity", "1e400", "-1", "null", "true", `""`, `"7"`, `"\ud800"`, "[]", "{}", "9223372036854775808", "-9223372036854775808", "1e18", "0.5", "\xff", "\x00",
		"1" + string(bytes.Repeat([]byte("0"), 400)), string(bytes.Repeat([]byte("["), 1200)), "1795323974892115984", "0", "1e308", "86400000000000"})
	return slices.Concat(line[:at], []byte(value), line[end:])
}
