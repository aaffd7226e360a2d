package episode

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/episode/episodetest"
)

// TestTarForms: what common writers put into a tar beside plain files keeps no
// episode from being read.
func TestTarForms(t *testing.T) {
	const labels = `{"phase":"clean","t_mono_ns":1,"t_wall_ns":1795323974892115984}` + "\n"
	rest := episodetest.Pack(t, episodetest.Entry{Name: "meta.json", Data: `{"schema_version":7}`}, episodetest.Entry{Name: "labels.jsonl", Data: labels}, episodetest.Entry{Name: "done"})
	for name, c := range map[string]struct {
		write func(w io.Writer)
		rules []string
	}{
		"pax global": {func(w io.Writer) {
			episodetest.Member(w, "pax_global_header", 'g', 20, []byte("20 comment=abcdefgh\n"))
		}, nil},
		"volume label":     {func(w io.Writer) { episodetest.Member(w, "my backup", 'V', 0, nil) }, nil},
		"contiguous":       {func(w io.Writer) { episodetest.Member(w, "capture.pcap", '7', 700, nil) }, nil},
		"oldest form":      {func(w io.Writer) { episodetest.Member(w, "capture.pcap", 0, 700, nil) }, nil},
		"folder":           {func(w io.Writer) { episodetest.Member(w, "./", '5', 0, nil) }, nil},
		"sparse, not read": {sparseMember("capture.pcap"), nil},
		"sparse, unknown":  {sparseMember("core"), []string{EntryUnknown}},
		"sparse, read":     {sparseMember("telemetry-qmp.jsonl"), []string{EntrySpecial}},
		"sparse done":      {sparseMember("done"), []string{EntrySpecial}},
		"sparse of pax, not read": {func(w io.Writer) {
			text := []byte("22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n28 GNU.sparse.realsize=1000\n32 GNU.sparse.name=capture.pcap\n")
			episodetest.Member(w, "PaxHeaders", 'x', int64(len(text)), text)
			episodetest.Member(w, "GNUSparseFile.1/capture.pcap", '0', 512, []byte("1\n0\n0\n"))
		}, nil},
		"long name": {func(w io.Writer) {
			episodetest.Member(w, "././@LongLink", 'L', 201, []byte(strings.Repeat("n", 200)+"\x00"))
			episodetest.Member(w, "nnn", '0', 3, []byte("abc"))
		}, []string{EntryUnknown}},
		"folder with a list": {func(w io.Writer) { episodetest.Member(w, "./", 'D', 9, []byte("Ymeta\x00\x00\x00\x00")) }, nil},
		"device":             {func(w io.Writer) { episodetest.Member(w, "null", '3', 0, nil) }, []string{EntrySpecial}},
	} {
		var b bytes.Buffer
		c.write(&b)
		b.Write(rest)
		for _, memory := range []int64{1, inMemory} {
			r := newReader(t, DefaultLimits())
			r.container.memory = memory
			e, err := r.Read(episodetest.Store(episodetest.Squeeze(t, b.Bytes())), episodetest.Name)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			var rules []string
			for _, f := range e.Findings {
				rules = append(rules, f.Rule)
			}
			if e.Meta.Version != 7 || len(e.Labels.Rows) != 1 || !e.Done || !slices.Equal(rules, c.rules) {
				t.Errorf("%s: meta %+v, %d labels, done %v, findings %v", name, e.Meta, len(e.Labels.Rows), e.Done, e.Findings)
			}
		}
	}
}

// sparseMember writes a file of GNU's old sparse form, whose map goes on for a block,
// and 700 bytes of content.
func sparseMember(name string) func(io.Writer) {
	return func(w io.Writer) {
		episodetest.Head(w, name, 'S', 700)
		episodetest.Zeros(w, 512)
		episodetest.Zeros(w, 1024)
	}
}

// TestTarAsLibrary compares with archive/tar, on the episodetest.Corpus, on what it writes, and on
// damaged archives: both fail, or both list the same.
func TestTarAsLibrary(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var archives [][]byte
	for _, name := range episodetest.Names(t, 20) {
		c := newReader(t, DefaultLimits()).container
		if err := c.open(os.DirFS(episodetest.Corpus), name); err != nil {
			t.Fatal(err)
		}
		archives = append(archives, bytes.Clone(c.raw))
	}
	long := strings.Repeat("folder/", 30) + "file"
	small := episodetest.Pack(t, episodetest.Entry{Name: "done"}, episodetest.Entry{Name: long, Data: "x"}, episodetest.Entry{Name: "a/b", Data: strings.Repeat("y", 600)},
		episodetest.Entry{Name: "ü", Header: tar.Header{PAXRecords: map[string]string{"comment": "c"}, Format: tar.FormatPAX}},
		episodetest.Entry{Name: long, Header: tar.Header{Format: tar.FormatGNU}}, episodetest.Entry{Name: "link", Header: tar.Header{Typeflag: tar.TypeSymlink, Linkname: long}},
		episodetest.Entry{Name: strings.Repeat("p/", 70) + "q", Header: tar.Header{Format: tar.FormatUSTAR}})
	archives = append(archives, small, nil, make([]byte, 512), make([]byte, 700), make([]byte, 2048), small[:len(small)-1024], small[:1300])
	for range 400 {
		b := bytes.Clone(small)
		b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
		archives = append(archives, b[:rng.IntN(len(b)+1)])
	}
	listed := 0
	for i, b := range archives {
		got, gotErr := listOwn(b)
		want, wantErr := listLibrary(b)
		if errors.Is(wantErr, tar.ErrHeader) && gotErr == nil {
			continue // the library also reads times and owners
		}
		if wantErr == nil && errors.Is(gotErr, errTarCut) && slices.Equal(got, want) {
			continue // the library takes an archive that ends after a long name for whole
		}
		if (gotErr == nil) != (wantErr == nil) || gotErr == nil && !slices.Equal(got, want) {
			t.Errorf("archive %d: %.300q, %v; want %.300q, %v", i, got, gotErr, want, wantErr)
		}
		listed += len(got)
	}
	if listed < 1000 {
		t.Errorf("only %d entries: the test says little", listed)
	}
}

func listOwn(b []byte) ([]string, error) {
	tr := &tarReader{r: bytes.NewReader(b)}
	return listEntries(tr, func() (string, error) {
		h, err := tr.next()
		if err != nil {
			return "", err
		}
		return h.Name + " " + h.Link + " " + string(h.Type), nil
	})
}

func listLibrary(b []byte) ([]string, error) {
	tr := tar.NewReader(bytes.NewReader(b))
	return listEntries(tr, func() (string, error) {
		h, err := tr.Next()
		if err != nil {
			return "", err
		}
		return h.Name + " " + h.Linkname + " " + string(h.Typeflag), nil
	})
}

// listEntries returns what next says of each entry, and the content that is read after it.
func listEntries(content io.Reader, next func() (string, error)) (found []string, err error) {
	for {
		head, err := next()
		if err == io.EOF {
			return found, nil
		}
		if err != nil {
			return found, err
		}
		text, err := io.ReadAll(content)
		if err != nil {
			return found, err
		}
		found = append(found, head+" "+string(text))
	}
}

// FuzzTarReader: no archive makes the reader panic or go on for ever.
func FuzzTarReader(f *testing.F) {
	f.Add(episodetest.Pack(f, episodetest.Entry{Name: "done"}, episodetest.Entry{Name: strings.Repeat("n", 300), Data: "x"}))
	var b bytes.Buffer
	sparseMember("capture.pcap")(&b)
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		tr := &tarReader{r: bytes.NewReader(b)}
		for n := 0; ; n++ {
			h, err := tr.next()
			if err != nil {
				return
			}
			if h.Size < 0 || n > len(b)/512 {
				t.Fatalf("entry %d: %+v", n, h)
			}
		}
	})
}
