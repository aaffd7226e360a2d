package table

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/parquet-go/parquet-go/format"

	"assay/steps/kit/channel"
	"assay/steps/kit/parquet"
)

// renamed changes the names of a file's columns.
func renamed(t *testing.T, b []byte, names map[string]string) []byte {
	t.Helper()
	return withFooter(t, b, func(m *format.FileMetaData) {
		for i := range m.Schema {
			if to, ok := names[m.Schema[i].Name]; ok {
				m.Schema[i].Name = to
			}
		}
	})
}

// TestFeaturesAreTheRegistrys: what is a feature is a matter of names in the
// registry, not of what a file has.
func TestFeaturesAreTheRegistrys(t *testing.T) {
	all := channel.FeatureNames()
	blocks := sampleBlocks(4, len(all))
	whole := windowsBytes(t, all, "h", blocks)
	turned := slices.Clone(all)
	slices.Reverse(turned)
	for name, c := range map[string]struct {
		b        []byte
		features int
		hash     string
		remark   string
	}{
		"whole":      {whole, len(all), "h", ""},
		"other name": {renamed(t, whole, map[string]string{all[7]: "guest.leak.mean"}), len(all) - 1, "", `ignored: "guest.leak.mean"`},
		"other statistic": {renamed(t, whole, map[string]string{all[7]: "guest.load_1m.max"}), len(all) - 1, "",
			"229 of 230 features, so the schema hash in it is of other columns"},
		"other source": {renamed(t, whole, map[string]string{all[7]: "x"}), len(all) - 1, "", `ignored: "x"`},
		"other order":  {windowsBytes(t, turned, "h", sampleBlocks(4, len(all))), len(all), "h", ""},
		"no hash":      {windowsBytes(t, all, "", blocks), len(all), "", "there is no schema hash in"},
	} {
		w, err := ReadWindows(fstest.MapFS{"w.parquet": file(c.b)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		said := strings.Join(w.Remarks, "\n")
		if len(w.Features) != c.features || w.SchemaHash != c.hash || !strings.Contains(said, c.remark) || c.remark == "" && said != "" {
			t.Errorf("%s: %d features, hash %q, remarks %q", name, len(w.Features), w.SchemaHash, said)
		}
		if !slices.IsSortedFunc(w.Features, func(a, b string) int { return slices.Index(all, a) - slices.Index(all, b) }) {
			t.Errorf("%s: the features are not in the registry's order", name)
		}
		if i := slices.Index(turned, w.Features[0]); name == "other order" && blocks[0].x[i] != w.Row(0)[0] && w.Row(0)[0] == w.Row(0)[0] {
			t.Errorf("%s: the first value is %v, want %v", name, w.Row(0)[0], blocks[0].x[i])
		}
	}
	twice := renamed(t, whole, map[string]string{all[7]: all[8]})
	if _, err := ReadWindows(fstest.MapFS{"w.parquet": file(twice)}); err == nil || !strings.Contains(err.Error(), "there twice") {
		t.Errorf("a feature that is there twice: %v", err)
	}
}

// A typedRow has one feature of another type.
type typedRow[T any] struct {
	Host    string  `parquet:"host_id"`
	Episode string  `parquet:"episode_id"`
	Profile string  `parquet:"profile"`
	Sample  string  `parquet:"sample"`
	Center  float32 `parquet:"t_center_s"`
	Phase   string  `parquet:"phase"`
	Load    T       `parquet:"guest.load_1m.mean"`
}

// TestTypesOfFeatures: numbers of any type are read, and integers are remarked on;
// the rest is refused by name.
func TestTypesOfFeatures(t *testing.T) {
	row := func(write func(io.Writer) error) (*Windows, error) {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		return ReadWindows(fstest.MapFS{"w.parquet": file(b.Bytes())})
	}
	w, err := row(func(w io.Writer) error {
		return parquet.Write(w, "row", []typedRow[float64]{{"h", "e", "p", "s", 5, "armed", 0.1}})
	})
	if err != nil || w.X[0] != float32(0.1) || len(w.Remarks) != 1 {
		t.Errorf("a double is read as %+v, %v", w, err)
	}
	w, err = row(func(w io.Writer) error {
		return parquet.Write(w, "row", []typedRow[int64]{{"h", "e", "p", "s", 5, "armed", 7}})
	})
	if err != nil || w.X[0] != 7 || !strings.Contains(strings.Join(w.Remarks, "\n"), "not floats in the file") {
		t.Errorf("an integer is read as %+v, %v", w, err)
	}
	for want, write := range map[string]func(io.Writer) error{
		"1e+300 is too large for a feature": func(w io.Writer) error {
			return parquet.Write(w, "row", []typedRow[float64]{{"h", "e", "p", "s", 5, "armed", 1e300}})
		},
		"feature guest.load_1m.mean is BOOLEAN": func(w io.Writer) error {
			return parquet.Write(w, "row", []typedRow[bool]{{"h", "e", "p", "s", 5, "armed", true}})
		},
		"feature guest.load_1m.mean is STRING": func(w io.Writer) error {
			return parquet.Write(w, "row", []typedRow[string]{{"h", "e", "p", "s", 5, "armed", "1"}})
		},
		"(a list of values), want a number": func(w io.Writer) error {
			return parquet.Write(w, "row", []typedRow[[]float32]{{"h", "e", "p", "s", 5, "armed", nil}})
		},
	} {
		if _, err := row(write); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
