package episode

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode/episodetest"
)

// TestGiant: what is read of an episode does not depend on whether it is read as a
// stream, from memory or from its file.
func TestGiant(t *testing.T) {
	for _, dir := range []string{episodetest.Corpus, episodetest.Golden, "../../../testdata/damaged"} {
		list, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, host := range list {
			files, _ := os.ReadDir(dir + "/" + host.Name())
			for i, f := range files {
				if name := host.Name() + "/" + f.Name(); strings.HasSuffix(name, Suffix) && (i%8 == 0 || dir != episodetest.Corpus) {
					sameAsGiant(t, dir, name)
					n++
				}
			}
		}
		if n == 0 {
			t.Errorf("%s has no episodes", dir)
		}
	}
}

func sameAsGiant(t *testing.T, dir, name string) {
	t.Helper()
	plain := newReader(t, DefaultLimits())
	want, wantErr := plain.Read(os.DirFS(dir), name)
	wantSum, _ := plain.Sum()
	for _, large := range []int64{0, largeFile} {
		r := newReader(t, DefaultLimits())
		r.container.memory, r.container.large = 1, large
		got, err := r.Read(os.DirFS(dir), name)
		if (err == nil) != (wantErr == nil) {
			t.Errorf("%s/%s: as a giant %v, else %v", dir, name, err, wantErr)
			continue
		}
		if sum, ok := r.Sum(); !ok || sum != wantSum {
			t.Errorf("%s/%s: as a giant it has another sum", dir, name)
		}
		for s := range want.Tables {
			a, b := want.Tables[s], got.Tables[s]
			if !episodetest.AllSame(a.T, b.T) || !episodetest.AllSame(a.Mono, b.Mono) || !episodetest.AllSame(a.V, b.V) || a.Lost != b.Lost || a.Texts != b.Texts ||
				a.Present != b.Present || a.Earliest != b.Earliest || a.Latest != b.Latest {
				t.Errorf("%s/%s: %s is another as a giant", dir, name, channel.Source(s))
			}
		}
		if !reflect.DeepEqual(want.Labels, got.Labels) || want.Done != got.Done || want.DoneSize != got.DoneSize || want.Events != got.Events ||
			want.Capture != got.Capture || fmt.Sprint(want.Meta, want.Findings) != fmt.Sprint(got.Meta, got.Findings) {
			t.Errorf("%s/%s: the rest is another as a giant", dir, name)
		}
	}
}

// TestLineReader compares with a whole file in memory, for pieces of any size.
func TestLineReader(t *testing.T) {
	long := strings.Repeat("x", 400<<10)
	for _, text := range []string{"", "\n", "a", "a\n", "a\n\nb", long + "\n" + long + "\nshort\n", strings.Repeat(" ", 900<<10) + "\nshort",
		"short\n" + strings.Repeat(" ", 700<<10) + "x\n\n" + long, strings.Repeat(strings.Repeat("y", 9)+"\n", 100_000)} {
		const most = 1000
		var want, got Lost
		lines := 0
		for _, line := range strings.SplitAfter(text, "\n") {
			lines += len(strings.TrimSpace(line))
			if line = strings.TrimSuffix(line, "\n"); len(line) > most && strings.TrimSpace(line) != "" {
				want.TooLong++
			}
		}
		l := lineReader{in: &inHalves{strings.NewReader(text)}, max: most}
		for {
			data, tooLong, err := l.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if tooLong {
				got.TooLong++
				lines = -1 // its length is not known
			}
			for line := range bytes.Lines(data) {
				if line = bytes.TrimSuffix(line, []byte{'\n'}); len(line) > most && !isBlank(line) {
					got.TooLong++
				}
				if lines >= 0 {
					lines -= len(bytes.TrimSpace(line))
				}
			}
		}
		if want != got || lines > 0 {
			t.Errorf("%.20q…: %d lines are too long, want %d; %d bytes are lost", text, got.TooLong, want.TooLong, lines)
		}
	}
}

// inHalves reads a part of what is asked for.
type inHalves struct{ r io.Reader }

func (h *inHalves) Read(p []byte) (int, error) { return h.r.Read(p[:(len(p)+1)/2]) }

// TestBombMemory: files of a few MB that unpack to 600 and more cost next to nothing,
// whatever is in them. All that is allocated bounds what is held.
func TestBombMemory(t *testing.T) {
	const size = 600 << 20
	for _, c := range []struct {
		name string
		most uint64 // MiB
		make func(w io.Writer)
	}{
		{"a capture", 80, func(w io.Writer) { episodetest.Member(w, "capture.pcap", '0', size, nil) }},
		{"one huge line", 80, func(w io.Writer) { episodetest.Member(w, "telemetry-guest.jsonl", '0', size, []byte("x")) }},
		{"blank lines", 80, func(w io.Writer) { episodetest.Member(w, "telemetry-guest.jsonl", '0', size, []byte("\n")) }},
		{"rows", 320, func(w io.Writer) {
			episodetest.Member(w, "telemetry-guest.jsonl", '0', size, []byte(`{"t_wall_ns":1,"load_1m_5m_15m":[1,2,3]}`+"\n"))
		}},
		{"a million rows and more", 320, func(w io.Writer) {
			episodetest.Member(w, "telemetry-guest.jsonl", '0', 200<<20, []byte(`{"t_wall_ns":1,"load_1m_5m_15m":[1,2,3]}`+"\n"))
		}},
		{"meta", 80, func(w io.Writer) { episodetest.Member(w, "meta.json", '0', size, []byte(" ")) }},
		{"labels", 240, func(w io.Writer) { episodetest.Member(w, "labels.jsonl", '0', size, []byte("{}\n")) }},
		{"pax records", 80, func(w io.Writer) { episodetest.Member(w, "x", 'x', size, []byte("20 comment=abcdefgh\n")) }},
		{"many pax records", 280, func(w io.Writer) {
			for range 500 {
				episodetest.Member(w, "x", 'x', 1<<20-512, []byte("16 comment=abcd\n"))
			}
		}},
		{"a global header", 80, func(w io.Writer) { episodetest.Member(w, "x", 'g', size, []byte("x")) }},
		{"a long name", 80, func(w io.Writer) { episodetest.Member(w, "x", 'L', size, []byte("x")) }},
		{"tiny members", 80, func(w io.Writer) {
			for range 50_000 {
				episodetest.Member(w, "capture.pcap", '0', 1, []byte("x"))
			}
		}},
		{"a sparse map", 80, func(w io.Writer) {
			episodetest.Member(w, "capture.pcap", 'S', 0, []byte{1})
			block := bytes.Repeat([]byte{1}, 512)
			for range size >> 9 {
				_, _ = w.Write(block)
			}
		}},
		{"zeros after the end", 80, func(w io.Writer) { episodetest.Member(w, "done", '0', 0, nil); episodetest.Zeros(w, size) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := packed600(t, c.make)
			r := newReader(t, DefaultLimits())
			got := allocated(func() {
				_, err := r.Read(episodetest.Store(file), episodetest.Name)
				var limit *LimitError
				var broken *BrokenError
				if err != nil && !errors.As(err, &limit) && !errors.As(err, &broken) {
					t.Errorf("error %v", err)
				}
			})
			if got>>20 > c.most {
				t.Errorf("%d bytes cost %d MiB, want at most %d", len(file), got>>20, c.most)
			}
			if sum, ok := r.Sum(); !ok || sum != sha256.Sum256(file) {
				t.Error("the file has another sum")
			}
			t.Logf("%d bytes cost %d MiB", len(file), got>>20)
		})
	}
}

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// packed600 compresses what make writes, and adds bytes that hardly compress, so that
// the ratio does not refuse the file at once.
func packed600(t *testing.T, make func(io.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	make(z)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	skip := []byte{0x50, 0x2a, 0x4d, 0x18, 0, 0, 0x40, 0} // 4 MiB that nobody reads
	return append(append(b.Bytes(), skip...), bytes.Repeat([]byte{0}, 4<<20)...)
}

// TestWindows128: frames whose window is as large as zstd itself reads are read, and
// cost what they hold; larger ones are refused.
func TestWindows128(t *testing.T) {
	content := episodetest.Pack(t, episodetest.Entry{Name: "done"}, episodetest.Entry{Name: "meta.json", Data: `{"schema_version":7}`})
	for window, readable := range map[int]bool{14: true, 24: true, 27: true, 28: false} {
		file := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, byte(window-10) << 3} // no size, a window
		head := uint32(len(content))<<3 | 1
		file = append(append(file, byte(head), byte(head>>8), byte(head>>16)), content...)
		r := newReader(t, DefaultLimits())
		var e *Episode
		var err error
		got := allocated(func() { e, err = r.Read(episodetest.Store(file), episodetest.Name) })
		var limit *LimitError
		if !readable && !errors.As(err, &limit) {
			t.Errorf("a window of 2^%d bytes: error %v, want a LimitError", window, err)
		}
		if (err == nil) != readable || readable && e.Meta.Version != 7 {
			t.Errorf("a window of 2^%d bytes: %v", window, err)
		}
		if got > 40<<20 {
			t.Errorf("a window of 2^%d bytes costs %d MiB", window, got>>20)
		}
	}
}

// TestFrames: frames one after the other, empty ones and ones to skip are one file.
func TestFrames(t *testing.T) {
	tar := episodetest.Pack(t, episodetest.Entry{Name: "done"}, episodetest.Entry{Name: "meta.json", Data: `{"schema_version":7}`})
	skip := []byte{0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3}
	file := bytes.Join([][]byte{skip, episodetest.Squeeze(t, tar[:700]), episodetest.Squeeze(t, nil), skip, episodetest.Squeeze(t, tar[700:]), skip}, nil)
	for _, memory := range []int64{1, inMemory} {
		r := newReader(t, DefaultLimits())
		r.container.memory = memory
		if e, err := r.Read(fstest.MapFS{episodetest.Name: {Data: file}}, episodetest.Name); err != nil || e.Meta.Version != 7 {
			t.Errorf("%v, %+v", err, e.Meta)
		}
	}
}
